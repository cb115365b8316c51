import { useEffect, useState } from 'react';
import { fetchQuery, graphql, useRelayEnvironment } from 'react-relay/hooks';
import type { useHungQuery } from '~/__generated__/useHungQuery.graphql';

const QUERY = graphql`
  query useHungQuery($first: Int!) {
    exploreTimeline(first: $first) {
      edges {
        node {
          id
          contentWarning
          author {
            handle
            displayName
          }
          images {
            id
            url(size: MEDIUM)
            width
            height
            blurhash
            altText
            aiDisclosure {
              kind
              basis
            }
          }
        }
      }
    }
  }
`;

type Post = NonNullable<NonNullable<useHungQuery['response']['exploreTimeline']>['edges'][number]['node']>;

/** A picture of explore with the post it is in. */
export type Hung = { post: string; author: Post['author']; image: Post['images'][number] };

const LOOKED_AT = 40; // posts, of which some have no picture

/** The newest pictures of explore that need no warning; null until they are there. Without the network there are none, and the page goes on. */
export function useHung(most: number): readonly Hung[] | null {
  const environment = useRelayEnvironment();
  const [hung, setHung] = useState<readonly Hung[] | null>(null);
  useEffect(() => {
    const { unsubscribe } = fetchQuery<useHungQuery>(environment, QUERY, { first: LOOKED_AT }).subscribe({
      next: ({ exploreTimeline }) => setHung(picturesOf(exploreTimeline?.edges ?? []).slice(0, most)),
      error: () => setHung([]),
    });
    return unsubscribe;
  }, [environment, most]);
  return hung;
}

function picturesOf(edges: readonly { readonly node: Post | null | undefined }[]): Hung[] {
  const hung = new Map<string, Hung>(); // a picture that stands in several posts hangs once
  for (const { node } of edges) {
    const image = node?.images[0];
    if (node && image?.url && !node.contentWarning && !hung.has(image.id))
      hung.set(image.id, { post: node.id, author: node.author, image });
  }
  return [...hung.values()];
}
