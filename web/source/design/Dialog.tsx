import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { useText } from '~/i18n/language';
import styles from './Dialog.module.css';
import { useGiveBack } from './giveBack';
import { IconButton } from './IconButton';

type Props = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** One sentence more, for screen readers as well; none is needed where the title says it all. */
  description?: string;
  wide?: boolean;
  children: ReactNode;
  /** Whether a click outside closes it; a form that is being filled in says no. */
  closesOutside?: boolean;
};

/** A dialog over the page: traps focus, closes on Escape, gives focus back. On a phone it is a sheet from below. */
export function Dialog({ open, onOpenChange, title, description, wide, children, closesOutside = true }: Props) {
  const text = useText();
  const giveBack = useGiveBack();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <div className={styles.veil} data-veil="" />
        <Radix.Content
          className={wide ? `${styles.dialog} ${styles.wide}` : styles.dialog}
          onInteractOutside={(event) => {
            if (!closesOutside) event.preventDefault();
          }}
          {...giveBack}
          {...(description ? {} : { 'aria-describedby': undefined })}
        >
          <div className={styles.head}>
            <Radix.Title>{title}</Radix.Title>
            <Radix.Close asChild>
              <IconButton label={text.common.close} icon={<X />} />
            </Radix.Close>
          </div>
          {description && <Radix.Description>{description}</Radix.Description>}
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
