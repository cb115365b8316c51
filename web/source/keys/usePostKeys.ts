import { useNavigate } from 'react-router';
import { places } from '~/routing/places';
import { useKeys } from './keys';

const POSTS = 'main [data-post]';

/** j and k move between the posts of any page; l, r, t, b act on the one that has focus, or on the first that is wholly in view. */
export function usePostKeys(): void {
  const navigate = useNavigate();
  const act = (name: string) => () => {
    const post = current();
    const button = post?.querySelector<HTMLButtonElement>(`[data-act="${name}"]`);
    if (!post || !button || button.disabled) return;
    if (!post.contains(document.activeElement)) post.focus({ preventScroll: true });
    button.click();
  };
  const open = () => {
    const id = current()?.dataset.post;
    if (id) void navigate(places.post(id));
  };
  const openFocused = ({ target }: KeyboardEvent) => {
    if (target instanceof HTMLElement && target.matches('[data-post]')) open();
  };
  useKeys({
    j: () => go(1),
    k: () => go(-1),
    l: act('like'),
    r: (event) => {
      event.preventDefault(); // the letter must not land in the field that opens
      act('reply')();
    },
    t: act('repost'),
    b: act('bookmark'),
    o: open,
    Enter: openFocused,
  });
}

/** The post that keys are meant for. */
function current(): HTMLElement | undefined {
  const focused = document.activeElement?.closest<HTMLElement>(POSTS);
  return focused ?? firstInView();
}

/** The first post that begins in the window, or reaches well into it. */
function firstInView(): HTMLElement | undefined {
  return [...document.querySelectorAll<HTMLElement>(POSTS)].find((post) => {
    const { top, bottom } = post.getBoundingClientRect();
    return top >= 0 || bottom > innerHeight / 3;
  });
}

function go(step: 1 | -1): void {
  const posts = [...document.querySelectorAll<HTMLElement>(POSTS)];
  const focused = document.activeElement?.closest<HTMLElement>(POSTS);
  const from = focused ? posts.indexOf(focused) + step : posts.indexOf(firstInView() ?? posts[0] ?? document.body);
  const next = posts[Math.min(posts.length - 1, Math.max(0, from))];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: 'start', behavior: 'instant' });
}
