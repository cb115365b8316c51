import { graphql, useRelayEnvironment } from 'react-relay/hooks';
import type { useDeleteMutation } from '~/__generated__/useDeleteMutation.graphql';
import { useAction } from '~/relay/useAction';
import { refetchSaved } from './saved';

/** Keeps a saved search no longer: it goes at once, and comes back when that is refused. */
export function useDelete(): [remove: (id: string) => void, busy: boolean] {
  const environment = useRelayEnvironment();
  const [act, busy] = useAction<useDeleteMutation>(graphql`
    mutation useDeleteMutation($input: DeleteSavedSearchInput!) {
      deleteSavedSearch(input: $input) {
        deletedSavedSearchId @deleteRecord
        userErrors {
          code
        }
      }
    }
  `);
  const remove = (id: string) =>
    act({
      input: { savedSearchId: id },
      optimisticResponse: { deleteSavedSearch: { deletedSavedSearchId: id, userErrors: [] } },
      onDone: () => refetchSaved(environment),
    });
  return [remove, busy];
}
