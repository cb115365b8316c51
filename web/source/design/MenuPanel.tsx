import { DropdownMenu as Radix } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { PartsContext } from './Menu';
import styles from './Menu.module.css';

export type MenuParts = { Item: typeof Radix.Item; Separator: typeof Radix.Separator };

export type MenuPanelProps = { trigger: ReactElement; label: string; openAtFirst: boolean; children: ReactNode };

const PARTS: MenuParts = { Item: Radix.Item, Separator: Radix.Separator };

/** The menu itself. */
export default function MenuPanel({ trigger, label, openAtFirst, children }: MenuPanelProps) {
  return (
    <Radix.Root modal={false} defaultOpen={openAtFirst}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={styles.menu} align="end" sideOffset={4} collisionPadding={8} aria-label={label}>
          <PartsContext value={PARTS}>{children}</PartsContext>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
