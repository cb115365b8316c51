import { fetchQuery, graphql, useLazyLoadQuery } from 'react-relay/hooks';
import type { IEnvironment } from 'relay-runtime';
import type { savedQuery, savedQuery$data } from '~/__generated__/savedQuery.graphql';
import { PATIENT } from '~/relay/network';

const QUERY = graphql`
  query savedQuery {
    viewer {
      savedSearches(first: 25) {
        liveCursor
        edges {
          node {
            id
            version
            name
            text
            byMeaning
            position
            newPostCount
          }
        }
      }
    }
  }
`;

export type Saved = NonNullable<NonNullable<savedQuery$data['viewer']>['savedSearches']>['edges'][number]['node'];

/** One's saved searches in their order, and from where they are followed. Suspends until they are there. */
export function useSaved(): { searches: readonly Saved[]; liveCursor: string | undefined } {
  const { viewer } = useLazyLoadQuery<savedQuery>(
    QUERY,
    {},
    { fetchPolicy: 'store-or-network', networkCacheConfig: PATIENT },
  );
  const kept = viewer?.savedSearches;
  const searches = (kept?.edges ?? []).flatMap(({ node }) => (node ? [node] : []));
  return { searches: searches.sort((one, other) => one.position - other.position), liveCursor: kept?.liveCursor };
}

/** The list anew: something came or went. */
export function refetchSaved(environment: IEnvironment): void {
  fetchQuery<savedQuery>(environment, QUERY, {}, { fetchPolicy: 'network-only' }).subscribe({
    error: () => undefined, // the line is down: the stream says so when it is back
  });
}
