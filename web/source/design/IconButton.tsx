import type { ComponentProps, ReactNode } from 'react';
import styles from './IconButton.module.css';
import { Tooltip } from './Tooltip';

type Props = Omit<ComponentProps<'button'>, 'aria-label' | 'children'> & {
  /** What it does, in words: its name for screen readers and its tooltip. */
  label: string;
  /** The key that does the same, shown in the tooltip. */
  shortcut?: string;
  icon: ReactNode;
  onPicture?: boolean;
};

/** A button that is only an icon. It always has a name. */
export function IconButton({ label, shortcut, icon, onPicture, className, type = 'button', ...rest }: Props) {
  const classes = [styles.button, onPicture && styles.onPicture, className].filter(Boolean).join(' ');
  return (
    <Tooltip text={label} shortcut={shortcut}>
      <button {...rest} type={type} aria-label={label} className={classes}>
        {icon}
      </button>
    </Tooltip>
  );
}
