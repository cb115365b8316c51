import { Toast as Radix } from 'radix-ui';
import { useSyncExternalStore } from 'react';
import { useText } from '~/i18n/language';
import { createStore } from '~/state/store';
import styles from './Toast.module.css';

const SHOWN_MILLISECONDS = 6_000;
const MOST_SHOWN = 3;

type Message = { id: number; text: string; urgent: boolean; action?: { label: string; run: () => void } };

const messages = createStore<readonly Message[]>([]);
let next = 1;

/** Say something at the foot of the page for a few seconds. A refusal is `urgent`: it is read aloud at once. */
export function toast(
  text: string,
  { urgent = false, action }: Partial<Pick<Message, 'urgent' | 'action'>> = {},
): void {
  messages.update((now) => [...now, { id: next++, text, urgent, action }].slice(-MOST_SHOWN));
}

/** Where toasts appear; once in the application. */
export function Toasts() {
  const shown = useSyncExternalStore(messages.subscribe, messages.get);
  const text = useText();
  const forget = (id: number) => messages.update((now) => now.filter((message) => message.id !== id));
  return (
    <Radix.Provider duration={SHOWN_MILLISECONDS} label={text.common.notice} swipeDirection="down">
      {shown.map(({ id, text: words, urgent, action }) => (
        <Radix.Root
          key={id}
          className={styles.toast}
          type={urgent ? 'foreground' : 'background'}
          onOpenChange={(open) => !open && forget(id)}
        >
          <Radix.Description>{words}</Radix.Description>
          {action && (
            <Radix.Action altText={action.label} className={styles.action} onClick={action.run}>
              {action.label}
            </Radix.Action>
          )}
        </Radix.Root>
      ))}
      <Radix.Viewport className={styles.viewport} label={text.common.notices} />
    </Radix.Provider>
  );
}
