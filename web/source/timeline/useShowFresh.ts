import { useCallback } from 'react';
import { flushSync } from 'react-dom';

/** Bring in what waits and go to the top, where it is: focus follows, so that j and k go on from there. */
export function useShowFresh(bringIn: () => void): () => void {
  return useCallback(() => {
    flushSync(bringIn);
    scrollTo({ top: 0, behavior: 'instant' });
    document.querySelector<HTMLElement>('main [data-post]')?.focus({ preventScroll: true });
  }, [bringIn]);
}
