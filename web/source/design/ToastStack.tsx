import { Toast as Radix } from 'radix-ui';
import { useSyncExternalStore } from 'react';
import { useText } from '~/i18n/language';
import { messages } from './Toast';
import styles from './Toast.module.css';

const SHOWN_MILLISECONDS = 6_000;

/** The toasts that are shown. */
export default function ToastStack() {
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
