import { useCallback, useState } from 'react';

const MARGIN = '250% 0px'; // how far around the screen posts are kept alive, in screens

type Told = (near: boolean, height: number) => void;

const listeners = new WeakMap<Element, Told>();

const observer = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting, boundingClientRect } of entries)
      listeners.get(target)?.(isIntersecting, boundingClientRect.height);
  },
  { rootMargin: MARGIN },
);

/** Whether something in it is in use: then it stays, however far it is scrolled away. */
const inUse = (element: Element) =>
  element.contains(document.activeElement) || element.querySelector('[aria-expanded="true"]') !== null;

/**
 * Whether an element is on screen or near it, and how high it was when it was left, so that a place of the same height can stand for
 * it. `first` is what is assumed until it is known.
 */
export function useNear(first: boolean): {
  near: boolean;
  height: number | null;
  watch: (element: Element | null) => (() => void) | undefined;
} {
  const [{ near, height }, tell] = useState<{ near: boolean; height: number | null }>({ near: first, height: null });
  const watch = useCallback((element: Element | null) => {
    if (!element) return;
    listeners.set(element, (isNear, high) =>
      tell((now) => {
        if (isNear) return now.near ? now : { near: true, height: now.height };
        return inUse(element) || (!now.near && now.height === null) ? now : { near: false, height: high };
      }),
    );
    observer.observe(element);
    return () => observer.unobserve(element);
  }, []);
  return { near, height, watch };
}
