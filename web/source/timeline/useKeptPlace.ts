import { useLayoutEffect } from 'react';
import { NavigationType, useLocation, useNavigationType } from 'react-router';

const ENTRIES = 'main [data-entry]';
const FRAMES = 12; // what is far off screen gets its true size as it comes near, which moves what is below

/** The entry that is being read: the first that reaches below the top of the screen. */
export const readNow = (): HTMLElement | undefined =>
  [...document.querySelectorAll<HTMLElement>(ENTRIES)].find(
    (post) => post.getBoundingClientRect().bottom > innerHeight / 4,
  );

/** Bring the entry that `find` finds to this height of the screen, and focus to it. Returns what ends it early. */
export function bringTo(find: () => HTMLElement | null | undefined, top: number): () => void {
  let frames = FRAMES;
  let frame = 0;
  const settle = () => {
    const post = find();
    if (!post || frames-- <= 0) return;
    scrollBy({ top: post.getBoundingClientRect().top - top, behavior: 'instant' });
    if (!post.contains(document.activeElement))
      post.querySelector<HTMLElement>('[data-post]')?.focus({ preventScroll: true });
    frame = requestAnimationFrame(settle);
  };
  frame = requestAnimationFrame(settle);
  return () => cancelAnimationFrame(frame);
}

/** Which post was where as a page was left, by the entry of the browser's history. */
const places = new Map<string, { post: string; top: number }>();

/** Going back to a list shows the post that was read where it was read, and gives it focus, whatever the list's height has become. */
export function useKeptPlace(): void {
  const { key } = useLocation();
  const back = useNavigationType() === NavigationType.Pop;
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the page appears, and never again for the same entry
  useLayoutEffect(() => {
    const place = back ? places.get(key) : undefined;
    const end = place
      ? bringTo(() => document.querySelector<HTMLElement>(`main [data-entry="${CSS.escape(place.post)}"]`), place.top)
      : undefined;
    return () => {
      end?.();
      const read = readNow();
      const id = read?.dataset.entry;
      if (read && id && scrollY > 0) places.set(key, { post: id, top: read.getBoundingClientRect().top });
      else places.delete(key);
    };
  }, [key]);
}
