import styles from './EventChoice.module.css';
import { EVENTS, type Told, toggled } from './events';
import { webhookWords } from './words';

type Props = { chosen: readonly Told[]; onChange: (chosen: readonly Told[]) => void; disabled?: boolean };

/** Which news a webhook is told. */
export function EventChoice({ chosen, onChange, disabled }: Props) {
  const text = webhookWords.useText();
  return (
    <fieldset className={styles.choice} disabled={disabled}>
      <legend>{text.events}</legend>
      <div className={styles.events}>
        {EVENTS.map((event) => (
          <label key={event} className={styles.event}>
            <input type="checkbox" checked={chosen.includes(event)} onChange={() => onChange(toggled(chosen, event))} />
            {text.event[event]}
          </label>
        ))}
      </div>
      <p className={styles.missing} role="alert">
        {chosen.length ? '' : text.eventsMissing}
      </p>
    </fieldset>
  );
}
