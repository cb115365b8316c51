import styles from './Light.module.css';
import { webhookWords } from './words';

/** Whether a webhook is on, in a word and a colour. */
export function Light({ on, failing }: { on: boolean; failing: boolean }) {
  const text = webhookWords.useText();
  return (
    <span className={styles.light} data-at={on ? (failing ? 'failing' : 'on') : 'off'}>
      {on ? text.on : text.off}
    </span>
  );
}
