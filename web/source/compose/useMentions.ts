import { useEffect, useState } from 'react';
import { fetchQuery, graphql, useRelayEnvironment } from 'react-relay/hooks';
import type { useMentionsQuery } from '~/__generated__/useMentionsQuery.graphql';

const PAUSE_MILLISECONDS = 120;

export type Suggestion = {
  readonly id: string;
  readonly handle: string;
  readonly displayName: string;
  readonly avatarUrl: string | null;
};

const NOBODY: readonly Suggestion[] = [];

/** People whose handle begins so; nobody for null. What was suggested stays until the next answer, so that the list does not flicker. */
export function useMentions(prefix: string | null): readonly Suggestion[] {
  const environment = useRelayEnvironment();
  const [found, setFound] = useState(NOBODY);
  useEffect(() => {
    if (prefix === null) {
      setFound(NOBODY);
      return;
    }
    let asked: { unsubscribe: () => void } | undefined;
    const timer = setTimeout(() => {
      asked = fetchQuery<useMentionsQuery>(
        environment,
        graphql`
          query useMentionsQuery($prefix: String!) {
            viewer {
              userSuggestions(prefix: $prefix) {
                id
                handle
                displayName
                avatar {
                  url(size: SMALL)
                }
              }
            }
          }
        `,
        { prefix },
        { fetchPolicy: 'store-or-network' },
      ).subscribe({
        next: ({ viewer }) =>
          setFound(
            (viewer?.userSuggestions ?? []).map(({ id, handle, displayName, avatar }) => ({
              id,
              handle,
              displayName,
              avatarUrl: avatar?.url ?? null,
            })),
          ),
        error: () => setFound(NOBODY), // a handle can be typed without help
      });
    }, PAUSE_MILLISECONDS);
    return () => {
      clearTimeout(timer);
      asked?.unsubscribe();
    };
  }, [environment, prefix]);
  return prefix === null ? NOBODY : found;
}
