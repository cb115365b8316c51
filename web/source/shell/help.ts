import { createStore } from '~/state/store';

/** Whether the help on shortcuts is open. */
export const help = createStore(false);

export const openHelp = (): void => help.set(true);
