import { Users } from 'lucide-react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { ChatFace_chat$key } from '~/__generated__/ChatFace_chat.graphql';
import { Avatar } from '~/design/Avatar';
import { useViewer } from '~/session/viewer';
import styles from './ChatList.module.css';
import { otherOf } from './people';

/** The picture of a chat: the other's, or a sign for a group. */
export function ChatFace({ chat: key }: { chat: ChatFace_chat$key }) {
  const viewerId = useViewer()?.id ?? '';
  const chat = useFragment(
    graphql`
      fragment ChatFace_chat on Chat {
        isGroup
        members {
          user {
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
    key,
  );
  const other = otherOf(chat.members, viewerId);
  if (chat.isGroup || !other) {
    return (
      <span className={styles.group} aria-hidden="true">
        <Users />
      </span>
    );
  }
  return <Avatar handle={other.handle} name={other.displayName} url={other.avatar?.url} />;
}
