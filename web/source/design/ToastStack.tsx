import { Toast as Radix } from 'radix-ui';
import { useSyncExternalStore } from 'react';
import { useText } from '~/i18n/language';
import { messages } from './Toast';
import styles from './Toast.module.css';

const SHOWN_MILLISECONDS = 6_000;

/** A toast lies above a dialog and takes the Escape that is meant for it: the dialog gets one of its own, once the toast is gone. */
function passOn() {
  const open = document.querySelector('[data-state="open"]:is([role="dialog"], [role="alertdialog"], [role="menu"])');
  const { activeElement } = document;
  if (!open || activeElement?.closest('[data-toasts]')) return;
  setTimeout(() => {
    const again = new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true });
    (document.activeElement ?? document.body).dispatchEvent(again);
  });
}

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
          onEscapeKeyDown={passOn}
        >
          <Radix.Description>{words}</Radix.Description>
          {action && (
            <Radix.Action altText={action.label} className={styles.action} onClick={action.run}>
              {action.label}
            </Radix.Action>
          )}
        </Radix.Root>
      ))}
      <Radix.Viewport data-toasts="" className={styles.viewport} label={text.common.notices} />
    </Radix.Provider>
  );
}
