import { useEffect, useState } from 'react';
import { fetchQuery, graphql, useRelayEnvironment } from 'react-relay/hooks';
import type { useSuggestionsQuery } from '~/__generated__/useSuggestionsQuery.graphql';
import { places } from '~/routing/places';
import { isName } from './parts';

const PAUSE_MILLISECONDS = 150;

export type Suggestion = {
  readonly to: string;
  readonly name: string;
  readonly note: string | null;
  readonly person: { readonly handle: string; readonly url: string | null } | null;
  readonly count: number | null;
};

const NONE: readonly Suggestion[] = [];

/** People and hashtags of such a name. What was suggested stays until the next answer, so that the list does not flicker. */
export function useSuggestions(typed: string): readonly Suggestion[] {
  const environment = useRelayEnvironment();
  const [found, setFound] = useState(NONE);
  const wanted = isName(typed);
  useEffect(() => {
    if (!wanted) {
      setFound(NONE);
      return;
    }
    let asked: { unsubscribe: () => void } | undefined;
    const timer = setTimeout(() => {
      asked = fetchQuery<useSuggestionsQuery>(
        environment,
        graphql`
          query useSuggestionsQuery($text: String!) {
            search(text: $text) {
              people(first: 4) {
                edges {
                  node {
                    handle
                    displayName
                    avatar {
                      url(size: SMALL)
                    }
                  }
                }
              }
              hashtags(first: 3) {
                edges {
                  node {
                    name
                  }
                  postCount
                }
              }
            }
          }
        `,
        { text: typed.trim() },
        { fetchPolicy: 'store-or-network' },
      ).subscribe({
        next: ({ search }) =>
          setFound([
            ...(search.people?.edges ?? []).map(({ node: { handle, displayName, avatar } }) => ({
              to: places.person(handle),
              name: displayName,
              note: `@${handle}`,
              person: { handle, url: avatar?.url ?? null },
              count: null,
            })),
            ...(search.hashtags?.edges ?? []).map(({ node, postCount }) => ({
              to: places.hashtag(node.name),
              name: `#${node.name}`,
              note: null,
              person: null,
              count: postCount,
            })),
          ]),
        error: () => setFound(NONE), // one can search without help
      });
    }, PAUSE_MILLISECONDS);
    return () => {
      clearTimeout(timer);
      asked?.unsubscribe();
    };
  }, [environment, typed, wanted]);
  return wanted ? found : NONE;
}
