import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { fetchQuery, graphql, useRelayEnvironment } from 'react-relay/hooks';
import type { useQuoteQuery, useQuoteQuery$data } from '~/__generated__/useQuoteQuery.graphql';
import { useViewer } from '~/session/viewer';
import { quoteInputOf, spendings } from './quote';
import type { Wish } from './wish';

const REST_MILLISECONDS = 250;

type Told = NonNullable<useQuoteQuery$data['viewer']>;
export type Quote = NonNullable<Told['generationQuote']> & { readonly nextGrantAt: string };

/** What a wish would cost the viewer, by the API's own reckoning; the last answer stays until there is another. Null before the first. */
export function useQuote(wish: Wish): Quote | null {
  const environment = useRelayEnvironment();
  const viewer = useViewer();
  const spent = useSyncExternalStore(spendings.subscribe, spendings.get);
  const [quote, setQuote] = useState<Quote | null>(null);
  const asked = useRef(false);
  const input = JSON.stringify(quoteInputOf(wish));
  const signedIn = viewer !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `spent` says that the same question has a new answer
  useEffect(() => {
    if (!signedIn) return;
    let request: { unsubscribe: () => void } | null = null;
    const timer = setTimeout(
      () => {
        asked.current = true;
        request = fetchQuery<useQuoteQuery>(
          environment,
          graphql`
            query useQuoteQuery($input: GenerationQuoteInput!) {
              viewer {
                credits {
                  nextGrantAt
                }
                generationQuote(input: $input) {
                  total
                  available
                  missing
                }
              }
            }
          `,
          { input: JSON.parse(input) },
          { fetchPolicy: 'network-only' },
        ).subscribe({
          next: ({ viewer: told }) =>
            setQuote(told?.generationQuote ? { ...told.generationQuote, nextGrantAt: told.credits.nextGrantAt } : null),
          error: () => undefined, // the last answer stays; asking for the job says what is wrong
        });
      },
      asked.current ? REST_MILLISECONDS : 0,
    );
    return () => {
      clearTimeout(timer);
      request?.unsubscribe();
    };
  }, [environment, input, signedIn, spent]);
  return quote;
}
