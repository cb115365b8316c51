import { useText } from '~/i18n/language';
import styles from './AiMark.module.css';
import { type Disclosure, kindOf, wholeOf } from './disclosure';
import { useAiPictures } from './viewing';

type Props = {
  disclosure: Disclosure | null | undefined;
  /** Whether what is around it says already in words what it means. */
  told?: boolean;
  /** Whether it stands in a line rather than on a picture. */
  inline?: boolean;
  /** Whether the picture is too small for words. */
  small?: boolean;
};

/** The mark of a picture that AI made or changed, on the picture; in words for who settled that it be a label. */
export function AiMark({ disclosure, told, inline, small }: Props) {
  const text = useText();
  const prominent = useAiPictures() === 'LABEL' && !small;
  if (!disclosure) return null;
  const whole = wholeOf(disclosure, text);
  const looks = [styles.mark, prominent && styles.prominent, inline && styles.inline].filter(Boolean).join(' ');
  return (
    <span className={looks} title={whole} data-ai={disclosure.kind}>
      <span className={styles.words} aria-hidden="true">
        {prominent ? kindOf(disclosure, text) : text.labels.sign}
      </span>
      {!told && <span className="visually-hidden">{whole}</span>}
    </span>
  );
}
