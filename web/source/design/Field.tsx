import { type ComponentProps, type ReactNode, useId } from 'react';
import styles from './Field.module.css';

type Shared = {
  label: string;
  hint?: string | undefined;
  /** Why it was refused, in the reader's words; read aloud as it appears. */
  error?: string | undefined;
  /** At the right of the foot, such as how many characters are left. */
  aside?: ReactNode;
};

/** A labelled line of text with its hint and its refusal beside it. */
export function Field({
  label,
  hint,
  error,
  aside,
  start,
  end,
  ...rest
}: ComponentProps<'input'> &
  Shared & { /** Inside the line, before and after its text. */ start?: ReactNode; end?: ReactNode }) {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} error={error} aside={aside}>
      <span className={styles.line}>
        {start && <span className={styles.start}>{start}</span>}
        <input {...rest} {...wiring(id, hint, error)} className={styles.input} />
        {end && <span className={styles.end}>{end}</span>}
      </span>
    </Frame>
  );
}

/** A labelled text of several lines. */
export function TextField({ label, hint, error, aside, ...rest }: ComponentProps<'textarea'> & Shared) {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} error={error} aside={aside}>
      <textarea {...rest} {...wiring(id, hint, error)} className={styles.input} />
    </Frame>
  );
}

/** A labelled choice; the options are its children. */
export function SelectField({ label, hint, error, aside, ...rest }: ComponentProps<'select'> & Shared) {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} error={error} aside={aside}>
      <select {...rest} {...wiring(id, hint, error)} className={styles.input} />
    </Frame>
  );
}

function wiring(id: string, hint: string | undefined, error: string | undefined) {
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ');
  return { id, 'aria-invalid': Boolean(error), 'aria-describedby': described || undefined };
}

function Frame({ id, label, hint, error, aside, children }: Shared & { id: string; children: ReactNode }) {
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      {children}
      {(hint || error || aside) && (
        <div className={styles.foot}>
          <div>
            {error && (
              <p className={styles.error} id={`${id}-error`} role="alert">
                {error}
              </p>
            )}
            {hint && (
              <p className={styles.hint} id={`${id}-hint`}>
                {hint}
              </p>
            )}
          </div>
          {aside}
        </div>
      )}
    </div>
  );
}
