import { createStore } from '~/state/store';

/** The picture that is looked at in full: of which post or job, and which of its pictures. */
export const lightbox = createStore<{ postId: string; index: number } | { jobId: string; index: number } | null>(null);
