import { useText } from '~/i18n/language';
import { Mark } from './Mark';
import styles from './Waiting.module.css';

/** In place of everything, until the first page's code and data are there: the mark, in the middle of the wall. */
export function Waiting() {
  const text = useText();
  return (
    <div className={styles.waiting} role="status">
      <Mark />
      <span className="visually-hidden">{text.common.loading}</span>
    </div>
  );
}
