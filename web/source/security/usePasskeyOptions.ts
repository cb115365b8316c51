import { useCallback } from 'react';
import { graphql } from 'react-relay/hooks';
import type { usePasskeyOptionsMutation } from '~/__generated__/usePasskeyOptionsMutation.graphql';
import { Refused } from '~/relay/failure';
import { useAction } from '~/relay/useAction';

type Wish = { purpose: 'LOG_IN' | 'COMPLETE_LOG_IN' | 'REAUTHENTICATE' | 'REGISTER'; loginToken?: string };

/** What the browser is to be asked for, by the API. Throws Refused, Unreachable. */
export function usePasskeyOptions(): (wish: Wish) => Promise<string> {
  const [begin] = useAction<usePasskeyOptionsMutation>(
    graphql`
      mutation usePasskeyOptionsMutation($input: BeginPasskeyInput!) {
        beginPasskey(input: $input) {
          options
          userErrors {
            code
          }
        }
      }
    `,
    { keyless: true },
  );
  return useCallback(
    (wish) =>
      new Promise((resolve, reject) => {
        begin({
          input: wish,
          onDone: ({ beginPasskey }) => resolve(beginPasskey.options ?? ''),
          onRefused: ([refusal]) => reject(new Refused(refusal?.code ?? 'OTHER')),
          onFailed: reject,
        });
      }),
    [begin],
  );
}
