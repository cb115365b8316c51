import { useCallback } from 'react';
import { createStore } from '~/state/store';
import { chooseFollowed } from './followed';
import { watchSeen } from './seen';

const SETTLE_MILLISECONDS = 400; // while a finger still scrolls nothing is asked for

/** The ids of the posts to follow live: those on the page, at most as many as may be followed. */
export const followed = createStore<readonly string[]>([]);

const shown = new Map<HTMLElement, { id: string; onScreen: boolean }>();
let settling: ReturnType<typeof setTimeout> | undefined;

function settle(): void {
  clearTimeout(settling);
  settling = setTimeout(() => {
    const inOrder = [...shown.entries()].sort(([a], [b]) =>
      a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1,
    );
    const ids = chooseFollowed(inOrder.map(([, post]) => post)).sort();
    followed.update((now) => (ids.join() === now.join() ? now : ids));
  }, SETTLE_MILLISECONDS);
}

const observer = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    const post = shown.get(target as HTMLElement);
    if (post) post.onScreen = isIntersecting;
  }
  settle();
});

/** A ref for the element that shows a post: while it is on the page the post is followed. */
export function useOnScreen(id: string): (element: HTMLElement | null) => (() => void) | undefined {
  return useCallback(
    (element: HTMLElement | null) => {
      if (!element) return;
      shown.set(element, { id, onScreen: false });
      observer.observe(element);
      const unwatch = watchSeen(element, id);
      return () => {
        unwatch();
        observer.unobserve(element);
        shown.delete(element);
        settle();
      };
    },
    [id],
  );
}
