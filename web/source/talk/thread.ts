import { useCallback, useSyncExternalStore } from 'react';
import { type Draft, draftOf } from '~/compose/draft';
import { discard, movePictures } from '~/compose/files';
import { LONGEST, measure } from '~/compose/measure';
import type { Store } from '~/state/store';

export const MOST_POSTS = 25;

/** The drafts of the posts that follow a thread's first one: each is kept by itself, as the first one is. */
export function rest(place: string, count: number): Store<Draft>[] {
  return Array.from({ length: count }, (_, index) => draftOf(`${place}.thread.${index + 1}`));
}

/** Take one of the following posts out: those after it move up. */
export function takeOut(stores: readonly Store<Draft>[], index: number): void {
  const gone = stores[index];
  if (gone) discard(gone);
  for (let at = index; at < stores.length - 1; at += 1) {
    const next = stores[at + 1]?.get();
    const to = stores[at];
    if (!next || !to) continue;
    movePictures(next, to);
    to.set(next);
  }
  const last = stores.at(-1);
  if (last && index < stores.length - 1) last.update((now) => ({ ...now, text: '', pictures: [] })); // its pictures stand in the one before now
}

/** Whether a post of a thread can be sent: it has something, and all of it is there. */
export function isReady({ text, pictures }: Draft): boolean {
  const length = measure(text);
  const kept = pictures.every(({ upload }) => upload.at === 'kept');
  return (length > 0 || pictures.length > 0) && length <= LONGEST && kept;
}

/** Whether all of the following posts can be sent, as it is now. */
export function useAllReady(stores: readonly Store<Draft>[]): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const ends = stores.map((store) => store.subscribe(listener));
      return () => {
        for (const end of ends) end();
      };
    },
    [stores],
  );
  return useSyncExternalStore(subscribe, () => stores.every((store) => isReady(store.get())));
}
