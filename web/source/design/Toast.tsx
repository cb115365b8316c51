import { Suspense, useSyncExternalStore } from 'react';
import { later } from '~/routing/later';
import { createStore } from '~/state/store';

const ToastStack = later(() => import('./ToastStack'));

const MOST_SHOWN = 3;

type Message = { id: number; text: string; urgent: boolean; action?: { label: string; run: () => void } };

export const messages = createStore<readonly Message[]>([]);
let next = 1;

/** Say something at the foot of the page for a few seconds. A refusal is `urgent`: it is read aloud at once. */
export function toast(
  text: string,
  { urgent = false, action }: Partial<Pick<Message, 'urgent' | 'action'>> = {},
): void {
  messages.update((now) => [...now, { id: next++, text, urgent, action }].slice(-MOST_SHOWN));
}

let everSaid = false;

/** Where toasts appear; once in the application. Loaded with the first one. */
export function Toasts() {
  everSaid ||= useSyncExternalStore(messages.subscribe, messages.get).length > 0;
  return <Suspense>{everSaid && <ToastStack />}</Suspense>;
}
