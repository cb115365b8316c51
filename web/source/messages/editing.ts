import { createStore } from '~/state/store';

/** The message that is being edited, with what it says now. */
export type Editing = { readonly chatId: string; readonly messageId: string; readonly text: string };

export const editing = createStore<Editing | null>(null);
