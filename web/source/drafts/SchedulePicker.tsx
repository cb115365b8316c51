import { type ReactNode, useId, useState } from 'react';
import { Button } from '~/design/Button';
import { Dialog } from '~/design/Dialog';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { isPossible, LATEST_MILLISECONDS, local, SOONEST_MILLISECONDS, SUGGESTED, zoneAt } from './moment';
import styles from './SchedulePicker.module.css';

type Props = {
  onClose: () => void;
  title: string;
  /** The time it has now. */
  from?: string | null;
  busy: boolean;
  error: string | undefined;
  onPick: (publishAt: string) => void;
  /** What is asked before the time. */
  children?: ReactNode;
};

/** Asks when something is to be posted: in the reader's own time, and says which moment that is. */
export function SchedulePicker({ onClose, title, from, busy, error, onPick, children }: Props) {
  const text = useText().drafts;
  const format = useFormat();
  const id = useId();
  const [now] = useState(Date.now);
  const [value, setValue] = useState(() => local(from ? Date.parse(from) : SUGGESTED.hour(now)));
  const moment = new Date(value).getTime();
  const ready = isPossible(moment);
  const said = ready ? text.at(`${format.moment(new Date(moment).toISOString())} (${zoneAt(moment)})`) : text.badTime;
  return (
    <Dialog open onOpenChange={onClose} title={title} closesOutside={false}>
      <form
        className={styles.picker}
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation(); // the composer around it is a form, too
          if (isPossible(moment)) onPick(new Date(moment).toISOString());
        }}
      >
        {children}
        <label className={styles.label} htmlFor={id}>
          {text.when}
        </label>
        <input
          id={id}
          className={styles.input}
          type="datetime-local"
          required
          value={value}
          min={local(now + SOONEST_MILLISECONDS)}
          max={local(now + LATEST_MILLISECONDS)}
          aria-describedby={`${id}-said`}
          aria-invalid={!ready || Boolean(error)}
          onChange={({ target }) => setValue(target.value)}
        />
        <p className={styles.chips}>
          {(['hour', 'tomorrow', 'monday'] as const).map((name) => (
            <Button key={name} small look="quiet" onClick={() => setValue(local(SUGGESTED[name](now)))}>
              {text.suggested[name]}
            </Button>
          ))}
        </p>
        <p id={`${id}-said`} className={ready ? styles.said : styles.error} role="status">
          {said}
        </p>
        {error && (
          <p className={styles.error} role="alert">
            {error}
          </p>
        )}
        <p className={styles.foot}>
          <Button type="submit" busy={busy} disabled={!ready}>
            {text.confirm}
          </Button>
        </p>
      </form>
    </Dialog>
  );
}
