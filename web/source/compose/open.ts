import { createStore } from '~/state/store';

/** What the composer is for: a new post, an answer, or a quote. */
export type Composing = { replyToId?: string; quotedPostId?: string };

/** What is being composed in the dialog; null when it is closed. */
export const composing = createStore<Composing | null>(null);

/** Open the composer over whatever page is shown. */
export const compose = (what: Composing = {}): void => composing.set(what);
