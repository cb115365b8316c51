import { AtSign, ChevronDown, Globe, Link2, Users } from 'lucide-react';
import { useText } from '~/i18n/language';
import styles from './Audience.module.css';
import { VISIBILITIES, type Visibility } from './draft';

const ICONS = { PUBLIC: Globe, UNLISTED: Link2, FOLLOWERS: Users, MENTIONED: AtSign };

/** Who may see a post: the browser's own list, which every phone and screen reader knows. */
export function Audience({ value, onChange }: { value: Visibility; onChange: (one: Visibility) => void }) {
  const text = useText().compose;
  const Icon = ICONS[value];
  return (
    <span className={styles.audience}>
      <Icon aria-hidden="true" />
      <select
        aria-label={text.audience}
        value={value}
        onChange={({ target }) => onChange(VISIBILITIES.find((one) => one === target.value) ?? 'PUBLIC')}
      >
        {VISIBILITIES.map((one) => (
          <option key={one} value={one}>
            {text.audienceHint[one]}
          </option>
        ))}
      </select>
      <ChevronDown aria-hidden="true" className={styles.down} />
    </span>
  );
}
