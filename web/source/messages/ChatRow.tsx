import { BellOff } from 'lucide-react';
import { graphql, useFragment } from 'react-relay/hooks';
import { NavLink } from 'react-router';
import type { ChatRow_chat$key } from '~/__generated__/ChatRow_chat.graphql';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { places } from '~/routing/places';
import { useViewer } from '~/session/viewer';
import { ChatFace } from './ChatFace';
import styles from './ChatList.module.css';
import { gistOf } from './gist';
import { namesOf } from './people';

/** A chat in the list: who, what was said last, and whether it is new. */
export function ChatRow({ chat: key }: { chat: ChatRow_chat$key }) {
  const text = useText().letters;
  const format = useFormat();
  const viewerId = useViewer()?.id ?? '';
  const chat = useFragment(
    graphql`
      fragment ChatRow_chat on Chat {
        id
        isGroup
        name
        unreadCount
        viewerHasMuted
        members {
          user {
            id
            handle
            displayName
          }
        }
        lastMessage {
          id
          kind
          text
          isDeleted
          createdAt
          images {
            id
          }
          sender {
            id
            displayName
          }
          subject {
            id
            displayName
          }
        }
        ...ChatFace_chat
      }
    `,
    key,
  );
  const names = namesOf(chat.members, viewerId);
  const title = chat.isGroup ? chat.name || text.group(names) : names || text.alone;
  const last = chat.lastMessage;
  return (
    <li>
      <NavLink to={places.chat(chat.id)} className={styles.row} data-unread={chat.unreadCount > 0 || undefined}>
        <ChatFace chat={chat} />
        <span className={styles.what}>
          <span className={styles.line}>
            <span className={styles.name}>
              <bdi>{title}</bdi>
            </span>
            {chat.viewerHasMuted && <BellOff role="img" aria-label={text.muted} className={styles.mark} />}
            {last && <time className={styles.when}>{format.ago(last.createdAt)}</time>}
          </span>
          <span className={styles.line}>
            <span className={styles.said} dir="auto">
              {last && gistOf(last, viewerId, text)}
            </span>
            {chat.unreadCount > 0 && (
              <span className={styles.count} role="img" aria-label={text.unread(chat.unreadCount)}>
                {chat.unreadCount}
              </span>
            )}
          </span>
        </span>
      </NavLink>
    </li>
  );
}
