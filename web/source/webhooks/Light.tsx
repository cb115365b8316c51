import { useText } from '~/i18n/language';
import styles from './Light.module.css';

/** Whether a webhook is on, in a word and a colour. */
export function Light({ on, failing }: { on: boolean; failing: boolean }) {
  const text = useText().webhooks;
  return (
    <span className={styles.light} data-at={on ? (failing ? 'failing' : 'on') : 'off'}>
      {on ? text.on : text.off}
    </span>
  );
}
