import { useEffect, useSyncExternalStore } from 'react';
import { fetchQuery, graphql, useRelayEnvironment } from 'react-relay/hooks';
import type { IEnvironment } from 'relay-runtime';
import type { creditsQuery } from '~/__generated__/creditsQuery.graphql';
import { PATIENT } from '~/relay/network';
import { createStore } from '~/state/store';

/** Whom a remix credits: the author of its source, or why that is not shown; and the picture whose line says more. */
export type Credit = { readonly imageId: string; readonly author: string | null; readonly reason: string | null };

// Not in the card's fragment: lists follow their streams with it, and a field that is loaded for each viewer anew would have
// everybody's message made alone. So all cards that come to a page at once ask in one query.
const QUERY = graphql`
  query creditsQuery($ids: [ID!]!) {
    nodes(ids: $ids) {
      __typename
      ... on Post {
        id
        images {
          id
          remixed
        }
        remixOf {
          __typename
          ... on RemixSource {
            post {
              id
              author {
                displayName
              }
            }
          }
          ... on UnavailableRemixSource {
            reason
          }
        }
      }
    }
  }
`;
const AT_ONCE = 50;

const known = createStore<ReadonlyMap<string, Credit>>(new Map());
let waiting = new Set<string>();

async function ask(environment: IEnvironment): Promise<void> {
  const ids = [...waiting];
  waiting = new Set();
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const data = await fetchQuery<creditsQuery>(
      environment,
      QUERY,
      { ids: ids.slice(from, from + AT_ONCE) },
      { networkCacheConfig: PATIENT },
    )
      .toPromise()
      .catch(() => undefined); // it is no more than a line, and asked for again with the next change
    const found = new Map(known.get());
    for (const post of data?.nodes ?? []) {
      if (post?.__typename !== 'Post') continue;
      const picture = post.images.find(({ remixed }) => remixed);
      const source = post.remixOf;
      if (!picture || !source) found.delete(post.id);
      else
        found.set(post.id, {
          imageId: picture.id,
          author: source.__typename === 'RemixSource' ? source.post.author.displayName : null,
          reason: source.__typename === 'UnavailableRemixSource' ? source.reason : null,
        });
    }
    known.set(found);
  }
}

/** Whom a post credits, asked for anew whenever it changes; undefined until it is known, or where it credits nobody. */
export function useCredit(postId: string, version: number): Credit | undefined {
  const environment = useRelayEnvironment();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version may credit somebody else
  useEffect(() => {
    if (!waiting.size) queueMicrotask(() => void ask(environment));
    waiting.add(postId);
  }, [environment, postId, version]);
  return useSyncExternalStore(known.subscribe, known.get).get(postId);
}
