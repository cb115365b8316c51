import { useEffect, useEffectEvent } from 'react';

/** What a key does; the key is as `KeyboardEvent.key` says it, or two of them one after another ("g h"). */
export type Keys = Record<string, (event: KeyboardEvent) => void>;

const SEQUENCE_MILLISECONDS = 1_000;

type Press = { readonly key: string; readonly at: number };

let last: Press = { key: '', at: Number.NEGATIVE_INFINITY };
let before = last;

/** Whether a key belongs to what has focus: a field, an open menu or dialog. Single keys never act there. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest('input, textarea, select, [role="menu"], [role="dialog"], [role="alertdialog"]') !== null)
  );
}

/** Single keys and sequences while the component is shown. Never with Ctrl, Alt or Meta, which are the browser's. */
export function useKeys(keys: Keys): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (
      event.defaultPrevented ||
      event.ctrlKey ||
      event.altKey ||
      event.metaKey ||
      event.isComposing ||
      isTyping(event.target)
    )
      return;
    const sequence = event.timeStamp - before.at < SEQUENCE_MILLISECONDS ? `${before.key} ${event.key}` : '';
    const act = (sequence && keys[sequence]) || keys[event.key];
    if (act) act(event);
  });
  useEffect(() => {
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}

// One listener remembers the key before, for all sequences and before any of them looks.
addEventListener(
  'keydown',
  (event) => {
    if (event.key === 'Shift') return;
    before = last;
    last = { key: event.key, at: event.timeStamp };
  },
  true,
);
