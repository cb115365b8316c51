import { useCallback, useEffect, useRef, useState } from 'react';
import { fetchQuery, graphql, useRelayEnvironment } from 'react-relay/hooks';
import type { useOwnPicturesQuery } from '~/__generated__/useOwnPicturesQuery.graphql';

const QUERY = graphql`
  query useOwnPicturesQuery($first: Int!, $after: String) {
    viewer {
      images(first: $first, after: $after) {
        edges {
          node {
            id
            url(size: MEDIUM)
            small: url(size: SMALL)
            blurhash
            altText
            width
            height
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`;

type Page = NonNullable<NonNullable<useOwnPicturesQuery['response']['viewer']>['images']>;

export type OwnPicture = Page['edges'][number]['node'];

const FIRST = 24;

/** One's own pictures, page by page. A page that does not come is told by `failed`, and leaves what surrounds it alone. */
export function useOwnPictures() {
  const environment = useRelayEnvironment();
  const [pictures, setPictures] = useState<readonly OwnPicture[]>([]);
  const [state, setState] = useState<'loading' | 'more' | 'end' | 'failed'>('loading');
  const after = useRef<string | null>(null);
  const load = useCallback(() => {
    setState('loading');
    return fetchQuery<useOwnPicturesQuery>(
      environment,
      QUERY,
      { first: FIRST, after: after.current },
      { fetchPolicy: 'network-only' },
    ).subscribe({
      next: ({ viewer }) => {
        const { edges, pageInfo } = viewer?.images ?? { edges: [], pageInfo: null };
        after.current = pageInfo?.endCursor ?? null;
        setPictures((now) => [
          ...now,
          ...edges.map(({ node }) => node).filter(({ id, url }) => url && !now.some((known) => known.id === id)),
        ]);
        setState(pageInfo?.hasNextPage ? 'more' : 'end');
      },
      error: () => setState('failed'),
    });
  }, [environment]);
  useEffect(() => {
    const { unsubscribe } = load();
    return unsubscribe;
  }, [load]);
  return {
    pictures,
    hasNext: state === 'more',
    isLoading: state === 'loading',
    failed: state === 'failed',
    load: () => void load(),
    /** Show a picture no longer that was deleted. */
    forget: (id: string) => setPictures((now) => now.filter((one) => one.id !== id)),
  };
}
