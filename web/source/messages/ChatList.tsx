import { graphql, usePaginationFragment } from 'react-relay/hooks';
import type { ChatList_viewer$key } from '~/__generated__/ChatList_viewer.graphql';
import type { ChatListMoreQuery } from '~/__generated__/ChatListMoreQuery.graphql';
import { Button } from '~/design/Button';
import { useText } from '~/i18n/language';
import { Empty } from '~/shell/Empty';
import { More } from '~/timeline/More';
import { usePages } from '~/timeline/usePages';
import { ChatRow } from './ChatRow';
import type { Folder } from './folder';
import { useChatsLive } from './useChatsLive';

/** The chats of a folder, the one first in which something was said last; alive. */
export function ChatList({
  viewer,
  folder,
  onWrite,
}: {
  viewer: ChatList_viewer$key;
  folder: Folder;
  onWrite: () => void;
}) {
  const text = useText().letters;
  const { data, ...pagination } = usePaginationFragment<ChatListMoreQuery, ChatList_viewer$key>(
    graphql`
      fragment ChatList_viewer on Viewer
      @refetchable(queryName: "ChatListMoreQuery")
      @argumentDefinitions(
        folder: { type: "ChatFolder!" }
        first: { type: "Int", defaultValue: 20 }
        after: { type: "String" }
      ) {
        chats(folder: $folder, first: $first, after: $after) @connection(key: "ChatList_chats", filters: ["folder"]) {
          liveCursor
          edges {
            node {
              id
              ...ChatRow_chat
            }
          }
        }
      }
    `,
    viewer,
  );
  useChatsLive(data.chats?.liveCursor);
  const pages = usePages(pagination);
  const shown = (data.chats?.edges ?? []).flatMap(({ node }) => (node ? [node] : []));
  if (!shown.length && !pages.hasNext) {
    return folder === 'INBOX' ? (
      <Empty title={text.none} text={text.noneText}>
        <Button onClick={onWrite}>{text.write}</Button>
      </Empty>
    ) : (
      <Empty title={text.noRequests} text={text.noRequestsText} />
    );
  }
  return (
    <>
      <ul>
        {shown.map((chat) => (
          <ChatRow key={chat.id} chat={chat} />
        ))}
      </ul>
      {pages.hasNext && <More {...pages} />}
    </>
  );
}
