import { createStore } from '~/state/store';

/** How many notifications are unread: beside the bell and before the page's name. */
export const unread = createStore(0);
/** How many people filters hold back. */
export const waiting = createStore(0);

export type News = { readonly id: string; readonly gone: boolean } | { readonly anew: number };
/** What the stream said last: a line that is new or other than it was, one that is gone, or that all has to be fetched again. */
export const news = createStore<News | null>(null);

let times = 0;

/** Lists fetch everything again. */
export function fetchAnew(): void {
  times += 1;
  news.set({ anew: times });
}
