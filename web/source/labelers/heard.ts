import { useEffect, useSyncExternalStore } from 'react';
import { fetchQuery, graphql, useRelayEnvironment } from 'react-relay/hooks';
import type { IEnvironment } from 'relay-runtime';
import type { heardQuery, heardQuery$data } from '~/__generated__/heardQuery.graphql';
import { PATIENT } from '~/relay/network';
import { useViewer } from '~/session/viewer';
import { createStore } from '~/state/store';
import { type Heard, NOTHING, summed } from './summed';

// Not in the card's fragment, as `remix/credits.ts` says why: lists follow their streams with it. Whoever listens to no labeler asks
// nothing; for others all cards that come to a page at once ask in one query.
const QUERY = graphql`
  query heardQuery($ids: [ID!]!) {
    nodes(ids: $ids) {
      __typename
      ... on Post {
        id
        viewerLabels {
          ...heard_label @relay(mask: false)
        }
        author {
          viewerLabels {
            ...heard_label @relay(mask: false)
          }
        }
        images {
          viewerLabels {
            ...heard_label @relay(mask: false)
          }
        }
      }
    }
  }
`;

graphql`
  fragment heard_label on GivenLabel {
    labeler {
      id
      handle
    }
    definition {
      identifier
      severity
      blur
      viewerChoice
      wordings {
        language
        name
        description
      }
    }
  }
`;
const AT_ONCE = 50;

const known = createStore<ReadonlyMap<string, Heard>>(new Map());
const epoch = createStore(0);
let waiting = new Set<string>();

/** What was chosen changed: whatever is on the screen is asked for anew. */
export const hearAnew = (): void => epoch.set(epoch.get() + 1);

type Node = NonNullable<heardQuery$data['nodes'][number]>;

const heardOf = (node: Node): Heard =>
  node.__typename === 'Post'
    ? summed([
        ...node.viewerLabels,
        ...node.author.viewerLabels,
        ...node.images.flatMap(({ viewerLabels }) => viewerLabels),
      ])
    : NOTHING;

async function ask(environment: IEnvironment): Promise<void> {
  const ids = [...waiting];
  waiting = new Set();
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const some = ids.slice(from, from + AT_ONCE);
    const data = await fetchQuery<heardQuery>(environment, QUERY, { ids: some }, { networkCacheConfig: PATIENT })
      .toPromise()
      .catch(() => undefined); // nothing is held back for good because a line was down
    const found = new Map(known.get());
    for (const id of some) if (!found.has(id)) found.set(id, NOTHING);
    for (const node of data?.nodes ?? []) if (node?.__typename === 'Post') found.set(node.id, heardOf(node));
    known.set(found);
  }
}

/**
 * What the reader's labelers say of posts, each with its author and its pictures, and what comes of it; asked for anew whenever one of
 * them changes or the reader chooses otherwise. Undefined while it is not known: pictures wait for it.
 */
export function useHeardOf(posts: readonly Post[]): (post: Post) => Heard | undefined {
  const environment = useRelayEnvironment();
  const viewer = useViewer();
  const listens = Boolean(viewer?.hasLabelers);
  const now = useSyncExternalStore(epoch.subscribe, epoch.get);
  const all = useSyncExternalStore(known.subscribe, known.get);
  const which = posts.map(({ id, version }) => `${id} ${version}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version, or another choice, may be said otherwise
  useEffect(() => {
    if (!listens || !which) return;
    if (!waiting.size) queueMicrotask(() => void ask(environment));
    for (const { id } of posts) waiting.add(id);
  }, [environment, which, listens, now]);
  return ({ id, authorId }) => {
    if (!listens) return NOTHING;
    const heard = all.get(id);
    return heard && viewer?.id === authorId ? { ...heard, blur: 'NONE', veils: null, hides: null } : heard;
  };
}

type Post = { readonly id: string; readonly version: number; readonly authorId: string };

/** The same of one post. */
export function useHeard(id: string, version: number, authorId: string): Heard | undefined {
  const post = { id, version, authorId };
  return useHeardOf(id ? [post] : [])(post);
}
