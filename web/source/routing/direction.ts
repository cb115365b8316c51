import { createStore } from '~/state/store';

/** The page that is gone to, by the key of its place in the history; null before the first. React shows it when it is whole. */
export const heading = createStore<string | null>(null);

/** Whether the page under way is reached by the browser's back or forward rather than by a link. */
let back = false;

addEventListener('popstate', () => {
  back = true;
});

export const wentBack = (): boolean => back;

/** The navigation is over; the router says so. */
export function arrived(): void {
  back = false;
}
