import { useCallback } from 'react';
import { createStore } from '~/state/store';

/** The ids of the posts that are on screen or nearly, last come last. */
export const onScreen = createStore<readonly string[]>([]);

const MARGIN = '50% 0px';

const observer = new IntersectionObserver(
  (entries) => {
    onScreen.update((now) => {
      const shown = new Set(now);
      for (const { target, isIntersecting } of entries) {
        const id = (target as HTMLElement).dataset.post;
        if (!id) continue;
        shown.delete(id);
        if (isIntersecting) shown.add(id);
      }
      return [...shown];
    });
  },
  { rootMargin: MARGIN },
);

/** A ref for the element that shows a post; it carries the id as `data-post`. */
export function useOnScreen(id: string): (element: HTMLElement | null) => (() => void) | undefined {
  return useCallback(
    (element: HTMLElement | null) => {
      if (!element) return;
      observer.observe(element);
      return () => {
        observer.unobserve(element);
        onScreen.update((now) => (now.includes(id) ? now.filter((other) => other !== id) : now));
      };
    },
    [id],
  );
}
