import type { ComponentProps } from 'react';
import styles from './Button.module.css';
import { Spinner } from './Spinner';

export type ButtonLook = 'primary' | 'quiet' | 'plain' | 'danger';

type Look = { look?: ButtonLook; small?: boolean; wide?: boolean };

/** The classes of a button, for links that look like one. */
export function buttonClass({ look = 'primary', small = false, wide = false }: Look = {}): string {
  return [styles.button, styles[look], small && styles.small, wide && styles.wide].filter(Boolean).join(' ');
}

/** A button with words. `busy` keeps its size, shows a spinner and takes no clicks. */
export function Button({
  look,
  small,
  wide,
  busy = false,
  className,
  children,
  disabled,
  type = 'button',
  ...rest
}: ComponentProps<'button'> & Look & { busy?: boolean }) {
  const classes = [buttonClass({ look, small, wide }), className].filter(Boolean).join(' ');
  return (
    <button {...rest} type={type} className={classes} disabled={disabled || busy} aria-busy={busy || undefined}>
      {busy && <Spinner />}
      {children}
    </button>
  );
}
