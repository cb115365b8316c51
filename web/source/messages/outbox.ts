import { createStore, type Store } from '~/state/store';

/** A message that is on its way, or was not taken. Its key is that of every try, so that it is sent once. */
export type Leaving = {
  readonly key: string;
  readonly text: string;
  readonly imageIds: readonly string[];
  readonly previews: readonly string[];
  /** The number of the last message that was there when it left. */
  readonly after: number;
  readonly why: string | null;
};

const boxes = new Map<string, Store<readonly Leaving[]>>();

/** What is on its way in a chat; kept while the page lives. */
export function outbox(chatId: string): Store<readonly Leaving[]> {
  const found = boxes.get(chatId) ?? createStore<readonly Leaving[]>([]);
  boxes.set(chatId, found);
  return found;
}

/** Put a message in, or say anew how it goes. */
export function put(chatId: string, leaving: Leaving): void {
  outbox(chatId).update((now) =>
    now.some(({ key }) => key === leaving.key)
      ? now.map((one) => (one.key === leaving.key ? leaving : one))
      : [...now, leaving],
  );
}

/** It has arrived, or is given up. */
export function drop(chatId: string, key: string): void {
  outbox(chatId).update((now) => now.filter((one) => one.key !== key));
}

type Shown = { readonly sequence: number; readonly text: string; readonly own: boolean };

/** What of it is not in the log yet: a live event may be here before the answer. */
export function waiting(leaving: readonly Leaving[], log: readonly Shown[]): readonly Leaving[] {
  return leaving.filter(
    ({ text, after }) => !log.some((one) => one.own && one.sequence > after && one.text === text.trim()),
  );
}
