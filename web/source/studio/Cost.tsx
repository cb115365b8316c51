import { useText } from '~/i18n/language';
import styles from './Cost.module.css';

/** What making this costs, before it is asked for. */
export function Cost({ credits }: { credits: number }) {
  const text = useText().studio;
  return <span className={styles.cost}>{text.cost(credits)}</span>;
}
