import { createStore } from '~/state/store';

/** How the line to the server is: `idle` when nothing asks for one. */
export type Line = 'idle' | 'open' | 'lost';

export const line = createStore<Line>('idle');

/** Whether this browser says that it has a network. */
export const online = createStore<boolean>(navigator.onLine);

/** Whether the server no longer knows our documents: this page is older than the server. */
export const outdated = createStore<boolean>(false);

/** How often something hinted that the session may be over; the shell asks the server each time. */
export const doubts = createStore<number>(0);

const FIRST_WAIT_MILLISECONDS = 400;
const LONGEST_WAIT_MILLISECONDS = 15_000;

const wakers = new Set<() => void>();

function wake(): void {
  for (const waker of [...wakers]) waker();
}

/** Wait before the next try: longer each time, never all clients at once, and not at all once there is reason to hope. */
export function patience(tries: number): Promise<void> {
  const longest = Math.min(LONGEST_WAIT_MILLISECONDS, FIRST_WAIT_MILLISECONDS * 2 ** Math.min(tries, 10));
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      wakers.delete(done);
      resolve();
    };
    const timer = setTimeout(done, longest * (0.5 + Math.random() / 2));
    wakers.add(done);
  });
}

/** Follow the browser's own signs. `suspect` is called when an open line may be dead without knowing it. Returns the end of it. */
export function watchBrowser(suspect: () => void, asleepMilliseconds = 30_000): () => void {
  let hiddenSince = 0;
  const onOnline = () => {
    online.set(true);
    suspect();
    wake();
  };
  const onOffline = () => online.set(false);
  const onVisibility = () => {
    if (document.hidden) {
      hiddenSince = Date.now();
      return;
    }
    if (hiddenSince && Date.now() - hiddenSince > asleepMilliseconds) suspect();
    wake();
  };
  addEventListener('online', onOnline);
  addEventListener('offline', onOffline);
  document.addEventListener('visibilitychange', onVisibility);
  return () => {
    removeEventListener('online', onOnline);
    removeEventListener('offline', onOffline);
    document.removeEventListener('visibilitychange', onVisibility);
  };
}
