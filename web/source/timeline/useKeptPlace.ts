import { useLayoutEffect } from 'react';
import { NavigationType, useLocation, useNavigationType } from 'react-router';

const ENTRIES = 'main [data-entry]';
const FRAMES = 12; // what is far off screen gets its true size as it comes near, which moves what is below

/** Which post was where as a page was left, by the entry of the browser's history. */
const places = new Map<string, { post: string; top: number }>();

/** Going back to a list shows the post that was read where it was read, and gives it focus, whatever the list's height has become. */
export function useKeptPlace(): void {
  const { key } = useLocation();
  const back = useNavigationType() === NavigationType.Pop;
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the page appears, and never again for the same entry
  useLayoutEffect(() => {
    const place = back ? places.get(key) : undefined;
    let frames = place ? FRAMES : 0;
    let frame = 0;
    const settle = () => {
      const post = place && document.querySelector<HTMLElement>(`main [data-entry="${CSS.escape(place.post)}"]`);
      if (!post || frames-- <= 0) return;
      scrollBy({ top: post.getBoundingClientRect().top - place.top, behavior: 'instant' });
      if (!post.contains(document.activeElement))
        post.querySelector<HTMLElement>('[data-post]')?.focus({ preventScroll: true });
      frame = requestAnimationFrame(settle);
    };
    frame = requestAnimationFrame(settle);
    return () => {
      cancelAnimationFrame(frame);
      const read = [...document.querySelectorAll<HTMLElement>(ENTRIES)].find(
        (post) => post.getBoundingClientRect().bottom > innerHeight / 4,
      );
      const id = read?.dataset.entry;
      if (read && id && scrollY > 0) places.set(key, { post: id, top: read.getBoundingClientRect().top });
      else places.delete(key);
    };
  }, [key]);
}
