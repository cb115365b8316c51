import { createStore } from '~/state/store';

/** What the composer is for: a new post, an answer, a quote, or a change of a post of one's own. */
export type Composing = { replyToId?: string; quotedPostId?: string; editedPostId?: string };

/** What is being composed in the dialog; null when it is closed. */
export const composing = createStore<Composing | null>(null);

/** Open the composer over whatever page is shown. */
export const compose = (what: Composing = {}): void => composing.set(what);
