import { commitMutation, graphql } from 'relay-runtime';
import type { seenMutation } from '~/__generated__/seenMutation.graphql';
import { environment } from '~/relay/environment';

const SEEN_PART = 0.5; // of a post, or of the window where the post is higher
const SEEN_MILLISECONDS = 1_000;
const TOGETHER_MILLISECONDS = 8_000;
const MOST = 100;

/** Posts that were told of already, since a view counts once. */
const told = new Set<string>();
const waiting = new Set<string>();
const looked = new Map<Element, { id: string; since: ReturnType<typeof setTimeout> | undefined }>();
let telling: ReturnType<typeof setTimeout> | undefined;

const MUTATION = graphql`
  mutation seenMutation($input: RecordViewsInput!) {
    recordViews(input: $input) {
      userErrors {
        code
      }
    }
  }
`;

/** Tell of what waits. What cannot be told is forgotten: a view is worth no second try. */
function tell(): void {
  clearTimeout(telling);
  telling = undefined;
  const postIds = [...waiting].slice(0, MOST);
  for (const id of postIds) waiting.delete(id);
  if (!postIds.length) return;
  commitMutation<seenMutation>(environment, {
    mutation: MUTATION,
    variables: { input: { postIds } },
    onError: () => undefined,
  });
  if (waiting.size) later();
}

function later(): void {
  telling ??= setTimeout(tell, TOGETHER_MILLISECONDS);
}

const observer = new IntersectionObserver(
  (entries) => {
    for (const { target, intersectionRatio, intersectionRect, rootBounds } of entries) {
      const post = looked.get(target);
      if (!post) continue;
      clearTimeout(post.since);
      post.since = undefined;
      const fills = rootBounds ? intersectionRect.height >= SEEN_PART * rootBounds.height : false;
      if (intersectionRatio < SEEN_PART && !fills) continue;
      post.since = setTimeout(() => {
        if (document.visibilityState !== 'visible' || told.has(post.id)) return;
        told.add(post.id);
        waiting.add(post.id);
        later();
      }, SEEN_MILLISECONDS);
    }
  },
  { threshold: [0, 0.25, SEEN_PART, 0.75] },
);

addEventListener('pagehide', tell);

/** Take note of whether this post is looked at; returns what ends that. */
export function watchSeen(element: Element, id: string): () => void {
  if (!told.has(id)) {
    looked.set(element, { id, since: undefined });
    observer.observe(element);
  }
  return () => {
    clearTimeout(looked.get(element)?.since);
    looked.delete(element);
    observer.unobserve(element);
  };
}
