import { SelectField } from '~/design/Field';
import { useText } from '~/i18n/language';
import styles from './Sharing.module.css';
import { POLICIES, type RemixPolicy, SHOWN_TO, type ShownTo } from './sharing';

type Props = {
  policy: RemixPolicy | null;
  shownTo: ShownTo | null;
  onPolicy: (policy: RemixPolicy | null) => void;
  onShownTo: (shownTo: ShownTo | null) => void;
  /** Whether it may be left as it is settled. */
  open?: boolean;
};

/** Who may remix, and who sees how it was made: two of the browser's own lists. */
export function SharingFields({ policy, shownTo, onPolicy, onShownTo, open = false }: Props) {
  const text = useText().remix;
  return (
    <div className={styles.fields}>
      <SelectField
        label={text.who}
        value={policy ?? ''}
        onChange={({ target }) => onPolicy(POLICIES.find((one) => one === target.value) ?? null)}
      >
        {open && <option value="">{text.usual}</option>}
        {POLICIES.map((one) => (
          <option key={one} value={one}>
            {text.policy[one]}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={text.prompts}
        value={shownTo ?? ''}
        onChange={({ target }) => onShownTo(SHOWN_TO.find((one) => one === target.value) ?? null)}
      >
        {open && <option value="">{text.usual}</option>}
        {SHOWN_TO.map((one) => (
          <option key={one} value={one}>
            {text.promptsOf[one]}
          </option>
        ))}
      </SelectField>
    </div>
  );
}
