import { useText } from '~/i18n/language';
import styles from './Hole.module.css';

/** In the place of a post that is not shown: why. */
export function Hole({ reason }: { reason: string }) {
  const gone: Record<string, string> = useText().post.gone;
  return <p className={styles.hole}>{gone[reason] ?? gone.NOT_VISIBLE}</p>;
}
