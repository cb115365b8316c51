import { useCallback } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import {
  commitLocalUpdate,
  type GraphQLTaggedNode,
  type OperationType,
  type RecordProxy,
  type RecordSourceProxy,
} from 'relay-runtime';
import { fetchViewing } from '~/ai/fetchViewing';
import { fetchSurely } from '~/relay/fetchSurely';
import { useLive } from '~/relay/useLive';
import { useViewer } from '~/session/viewer';
import { arrive, bringIn, type End, forgetAuthor, forgetPost, renew, renewFoot } from './feed';

const PAGE = 20;
const LARGEST_PAGE = 100;

type Event = {
  readonly __typename: string;
  readonly postId?: string;
  readonly userId?: string;
  readonly replyToId?: string;
};

type Feed = {
  /** The stream's name, and the only field of its subscription. */
  place: string;
  field: string;
  subscription: GraphQLTaggedNode;
  /** What it asks beside `after`. */
  variables?: Record<string, unknown>;
  /** Where the newest stands; replies end with it. */
  end?: End;
  /** For replies: whose. Those to other posts of the conversation stand elsewhere. */
  replyToId?: string;
  /** The connection that is shown, by its `__id`; null follows nothing. */
  connectionId: string | null;
  /** How many posts are shown. */
  length: number;
  liveCursor: string | undefined;
  /** The list's first page by itself: a query of `first`, and where its connection is. */
  fresh: {
    query: GraphQLTaggedNode;
    variables?: Record<string, unknown>;
    find: (store: RecordSourceProxy, first: number) => RecordProxy | null | undefined;
  };
};

/**
 * A list that follows its stream: what arrives waits, what goes goes, one's own is there at once, and after a Reset the list is what a
 * fresh load would show. Returns what brings in all that waits.
 */
export function useFeed({
  place,
  field,
  subscription,
  variables = {},
  end = 'top',
  replyToId,
  connectionId,
  length,
  liveCursor,
  fresh,
}: Feed): () => void {
  const environment = useRelayEnvironment();
  const viewer = useViewer();
  const reset = () => {
    if (viewer) void fetchViewing(environment);
    const first = Math.min(LARGEST_PAGE, Math.max(PAGE, length));
    void fetchSurely(environment, fresh.query, { ...fresh.variables, first }).then(() =>
      commitLocalUpdate(environment, (store) => {
        const connection = connectionId && store.get(connectionId);
        const found = fresh.find(store, first);
        if (connection && found) (end === 'top' ? renew : renewFoot)(store, connection, found);
      }),
    );
  };
  useLive<OperationType & { variables: { after?: string | null } }>(subscription, {
    place,
    variables: connectionId === null ? null : variables,
    after: liveCursor,
    updater: (store, data) => {
      const event = (data as Record<string, Event | undefined>)[field];
      const connection = connectionId && store.get(connectionId);
      if (!event || !connection) return;
      if (event.__typename === 'PostPublished' || event.__typename === 'ReplyPublished') {
        if (event.replyToId !== replyToId) return;
        const edge = (store.getRootField as (name: string) => RecordProxy | null)(field)?.getLinkedRecord('edge');
        const author = edge?.getLinkedRecord('repostedBy') ?? edge?.getLinkedRecord('node')?.getLinkedRecord('author');
        if (edge) arrive(store, connection, edge, author?.getDataID() === viewer?.id, end);
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
        if (connection) bringIn(connection, end);
      }),
    [environment, connectionId, end],
  );
}

/** What waits and is not shown yet: a page that was fetched anew meanwhile may have brought some of it. */
export function waitingOf<P extends Edge>(
  list: { readonly edges: readonly Edge[]; readonly pending?: readonly P[] | null } | null | undefined,
): readonly P[] {
  const shown = new Set((list?.edges ?? []).map(placeOf));
  return (list?.pending ?? []).filter((edge) => edge.node?.id && !shown.has(placeOf(edge)));
}

const placeOf = ({ node, repostedBy }: Edge) => `${node?.id ?? ''} ${repostedBy?.id ?? ''}`;

type Edge = {
  readonly node?: { readonly id?: string } | null | undefined;
  readonly repostedBy?: { readonly id?: string } | null | undefined;
};
