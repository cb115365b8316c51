import { useSyncExternalStore } from 'react';
import { createStore } from '~/state/store';

/** Of what this window says that it wants less: posts and people, by id. They leave what is picked at once, and come back when it is taken back. */
const unwanted = createStore<ReadonlySet<string>>(new Set());

export const drop = (id: string): void => unwanted.update((now) => new Set([...now, id]));
export const take = (id: string): void => unwanted.update((now) => new Set([...now].filter((other) => other !== id)));
export const useUnwanted = (): ReadonlySet<string> => useSyncExternalStore(unwanted.subscribe, unwanted.get);
