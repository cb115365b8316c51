import type { ComponentProps } from 'react';
import styles from './Button.module.css';
import { Spinner } from './Spinner';

export type ButtonLook = 'primary' | 'quiet' | 'plain' | 'danger';

type Look = { look?: ButtonLook; small?: boolean; wide?: boolean };

/** The classes of a button, for links that look like one. */
export function buttonClass({ look = 'primary', small = false, wide = false }: Look = {}): string {
  return [styles.button, styles[look], small && styles.small, wide && styles.wide].filter(Boolean).join(' ');
}

/**
 * A button with words. `busy` keeps its size, shows a spinner and takes no clicks, nor sends its form; it stays where the keyboard is,
 * which a disabled one would lose.
 */
export function Button({
  look,
  small,
  wide,
  busy = false,
  className,
  children,
  disabled,
  onClick,
  type = 'button',
  ...rest
}: ComponentProps<'button'> & Look & { busy?: boolean }) {
  const classes = [buttonClass({ look, small, wide }), className].filter(Boolean).join(' ');
  return (
    <button
      {...rest}
      type={type}
      className={classes}
      disabled={disabled && !busy}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {busy && <Spinner />}
      {children}
    </button>
  );
}
