import { fetchQuery, graphql, useRelayEnvironment } from 'react-relay/hooks';
import { ConnectionHandler, type RecordProxy, type RecordSourceProxy } from 'relay-runtime';
import type { folderQuery } from '~/__generated__/folderQuery.graphql';
import type { useChatsLiveSubscription } from '~/__generated__/useChatsLiveSubscription.graphql';
import { useLive } from '~/relay/useLive';
import { FOLDER_QUERY } from './folder';

const FOLDERS = ['INBOX', 'REQUESTS'] as const;

/** Follow all chats: lists move, logs that are on screen grow, and what is gone goes. */
export function useChatsLive(after: string | undefined): void {
  const environment = useRelayEnvironment();
  useLive<useChatsLiveSubscription>(
    graphql`
      subscription useChatsLiveSubscription($after: String) {
        chats(after: $after) {
          __typename
          cursor
          ... on MessageSent {
            chat {
              id
              viewerHasAccepted
              ...ChatRow_chat
              ...ChatHead_chat
            }
            edge {
              cursor
              node {
                id
                kind
                sequence
                ...Message_message
              }
            }
          }
          ... on MessageChanged {
            chat {
              id
              ...ChatRow_chat
            }
            message {
              id
              ...Message_message
            }
          }
          ... on MessageHidden {
            chat {
              id
              ...ChatRow_chat
            }
            messageId
          }
          ... on ChatChanged {
            chat {
              id
              viewerHasAccepted
              ...ChatRow_chat
              ...ChatHead_chat
            }
          }
          ... on ChatRemoved {
            chatId
          }
          ... on MemberRead {
            chatId
            member {
              user {
                id
              }
              readSequence
            }
          }
        }
      }
    `,
    {
      place: 'chats',
      variables: {},
      after,
      updater: (store, { chats: event }) => {
        const root = store.getRootField('chats');
        const chatId = event.chat?.id ?? event.chatId;
        if (event.__typename === 'MessageSent' && chatId) {
          const edge = root?.getLinkedRecord('edge');
          if (edge) grow(store, chatId, edge);
          if (event.edge?.node.kind === 'TEXT' || !listed(store, chatId)) {
            lift(store, chatId, event.chat?.viewerHasAccepted ?? true);
          }
        } else if (event.__typename === 'MessageHidden' && chatId && event.messageId) {
          const log = logOf(store, chatId);
          if (log) ConnectionHandler.deleteNode(log, event.messageId);
        } else if (event.__typename === 'ChatChanged' && chatId && listed(store, chatId)) {
          settle(store, chatId, event.chat?.viewerHasAccepted ?? true);
        } else if (event.__typename === 'ChatRemoved' && chatId) {
          for (const folder of FOLDERS) take(store, folder, chatId);
          store.get(chatId)?.invalidateRecord();
          const log = logOf(store, chatId);
          log?.setLinkedRecords([], 'edges');
        } else if (event.__typename === 'MemberRead' && chatId) {
          const read = root?.getLinkedRecord('member');
          const members = store.get(chatId)?.getLinkedRecords('members') ?? [];
          const userId = event.member?.user?.id;
          const known = members.find((one) => one?.getLinkedRecord('user')?.getDataID() === userId);
          if (read && known) known.setValue(read.getValue('readSequence'), 'readSequence');
        }
      },
      onEvent: ({ chats: { __typename: kind } }) => {
        if (kind === 'Reset') {
          for (const folder of FOLDERS)
            fetchQuery<folderQuery>(environment, FOLDER_QUERY, { folder }, { fetchPolicy: 'network-only' }).subscribe(
              {},
            );
        }
      },
    },
  );
}

/** A list of chats as it is in the store. */
function listOf(store: RecordSourceProxy, folder: string): RecordProxy | null | undefined {
  const viewer = store.getRoot().getLinkedRecord('viewer');
  return viewer && ConnectionHandler.getConnection(viewer, 'ChatList_chats', { folder });
}

/** The log of a chat as it is in the store. */
export function logOf(store: RecordSourceProxy, chatId: string): RecordProxy | null | undefined {
  const chat = store.get(chatId);
  return chat && ConnectionHandler.getConnection(chat, 'ChatLog_messages');
}

/** Put a message at the end of its chat's log, unless it stands there. */
export function grow(store: RecordSourceProxy, chatId: string, edge: RecordProxy): void {
  const log = logOf(store, chatId);
  const id = edge.getLinkedRecord('node')?.getDataID();
  if (!log || !id || has(log, id)) return;
  const made = ConnectionHandler.buildConnectionEdge(store, log, edge);
  if (made) ConnectionHandler.insertEdgeAfter(log, made);
}

function has(connection: RecordProxy, id: string): boolean {
  return (connection.getLinkedRecords('edges') ?? []).some((one) => one?.getLinkedRecord('node')?.getDataID() === id);
}

function listed(store: RecordSourceProxy, chatId: string): boolean {
  return FOLDERS.some((folder) => {
    const list = listOf(store, folder);
    return list ? has(list, chatId) : false;
  });
}

function take(store: RecordSourceProxy, folder: string, chatId: string): void {
  const list = listOf(store, folder);
  if (list) ConnectionHandler.deleteNode(list, chatId);
}

/** A chat to the top of the list it belongs to, and out of the other. */
function lift(store: RecordSourceProxy, chatId: string, accepted: boolean): void {
  for (const folder of FOLDERS) take(store, folder, chatId);
  const list = listOf(store, accepted ? 'INBOX' : 'REQUESTS');
  const chat = store.get(chatId);
  if (list && chat) {
    ConnectionHandler.insertEdgeBefore(list, ConnectionHandler.createEdge(store, list, chat, 'ChatEdge'));
  }
}

/** A chat into the list it belongs to, where it is not there yet. */
function settle(store: RecordSourceProxy, chatId: string, accepted: boolean): void {
  const list = listOf(store, accepted ? 'INBOX' : 'REQUESTS');
  if (list && !has(list, chatId)) lift(store, chatId, accepted);
  else take(store, accepted ? 'REQUESTS' : 'INBOX', chatId);
}
