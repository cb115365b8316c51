import { useEffect } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { ConnectionHandler, commitLocalUpdate } from 'relay-runtime';
import { posted } from '~/compose/posted';

/** A reply that is written here stands at the end of the replies at once, where all of them are shown. */
export function useOwnReply(postId: string, connectionId: string | undefined, all: boolean): void {
  const environment = useRelayEnvironment();
  useEffect(() => {
    if (!connectionId || !all) return;
    return posted.subscribe(() => {
      const now = posted.get();
      if (now?.replyToId !== postId) return;
      commitLocalUpdate(environment, (store) => {
        const connection = store.get(connectionId);
        const node = store.get(now.id);
        if (!connection || !node) return;
        const edge = ConnectionHandler.createEdge(store, connection, node, 'ConversationEdge');
        edge.setValue(now.id, 'cursor');
        ConnectionHandler.insertEdgeAfter(connection, edge);
      });
    });
  }, [environment, postId, connectionId, all]);
}
