import { createStore } from '~/state/store';

/** A post that was just published here; its card is in Relay's store already. */
export type Posted = { readonly id: string; readonly replyToId: string | null; readonly quotedPostId: string | null };

/** The last post published from this page, for lists that show it at once. */
export const posted = createStore<Posted | null>(null);
