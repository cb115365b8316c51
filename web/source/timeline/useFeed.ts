import { useCallback } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import {
  commitLocalUpdate,
  type GraphQLTaggedNode,
  type OperationType,
  type RecordProxy,
  type RecordSourceProxy,
} from 'relay-runtime';
import { fetchSurely } from '~/relay/fetchSurely';
import { useLive } from '~/relay/useLive';
import { useViewer } from '~/session/viewer';
import { arrive, bringIn, forgetAuthor, forgetPost, renew } from './feed';

const PAGE = 20;
const LARGEST_PAGE = 100;

type Event = { readonly __typename: string; readonly postId?: string; readonly userId?: string };

type Feed = {
  /** The stream's name, and the only field of its subscription. */
  place: string;
  field: string;
  subscription: GraphQLTaggedNode;
  /** The connection that is shown, by its `__id`; null follows nothing. */
  connectionId: string | null;
  /** How many posts are shown. */
  length: number;
  liveCursor: string | undefined;
  /** The list's first page by itself: a query of `first`, and where its connection is. */
  fresh: {
    query: GraphQLTaggedNode;
    find: (store: RecordSourceProxy, first: number) => RecordProxy | null | undefined;
  };
};

/**
 * A list that follows its stream: what arrives waits, what goes goes, one's own is there at once, and after a Reset the list is what a
 * fresh load would show. Returns what brings in all that waits.
 */
export function useFeed({ place, field, subscription, connectionId, length, liveCursor, fresh }: Feed): () => void {
  const environment = useRelayEnvironment();
  const viewer = useViewer();
  const reset = () => {
    const first = Math.min(LARGEST_PAGE, Math.max(PAGE, length));
    void fetchSurely(environment, fresh.query, { first }).then(() =>
      commitLocalUpdate(environment, (store) => {
        const connection = connectionId && store.get(connectionId);
        const found = fresh.find(store, first);
        if (connection && found) renew(store, connection, found);
      }),
    );
  };
  useLive<OperationType & { variables: { after?: string | null } }>(subscription, {
    place,
    variables: connectionId === null ? null : {},
    after: liveCursor,
    updater: (store, data) => {
      const event = (data as Record<string, Event | undefined>)[field];
      const connection = connectionId && store.get(connectionId);
      if (!event || !connection) return;
      if (event.__typename === 'PostPublished') {
        const edge = (store.getRootField as (name: string) => RecordProxy | null)(field)?.getLinkedRecord('edge');
        const author = edge?.getLinkedRecord('repostedBy') ?? edge?.getLinkedRecord('node')?.getLinkedRecord('author');
        if (edge) arrive(store, connection, edge, author?.getDataID() === viewer?.id);
      } else if (event.__typename === 'PostRemoved' && event.postId) forgetPost(connection, event.postId);
      else if (event.__typename === 'AuthorRemoved' && event.userId) forgetAuthor(connection, event.userId);
    },
    onEvent: (data) => {
      if ((data as Record<string, Event | undefined>)[field]?.__typename === 'Reset') reset();
    },
  });
  return useCallback(
    () =>
      commitLocalUpdate(environment, (store) => {
        const connection = connectionId && store.get(connectionId);
        if (connection) bringIn(connection);
      }),
    [environment, connectionId],
  );
}
