import { ArrowLeft, Bell, BellOff, LogOut, MoreHorizontal, Trash2, Users } from 'lucide-react';
import { Suspense, useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import { Link, useNavigate } from 'react-router';
import type { ChatHead_chat$key } from '~/__generated__/ChatHead_chat.graphql';
import type { ChatHeadClearMutation } from '~/__generated__/ChatHeadClearMutation.graphql';
import type { ChatHeadLeaveMutation } from '~/__generated__/ChatHeadLeaveMutation.graphql';
import type { ChatHeadMuteMutation } from '~/__generated__/ChatHeadMuteMutation.graphql';
import { IconButton } from '~/design/IconButton';
import { Menu, MenuItem, MenuLine } from '~/design/Menu';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { later } from '~/routing/later';
import { places } from '~/routing/places';
import { useViewer } from '~/session/viewer';
import { ChatFace } from './ChatFace';
import styles from './ChatPane.module.css';
import { namesOf, otherOf } from './people';

const Confirm = later(() => import('~/design/Confirm'));
const GroupDialog = later(() => import('./GroupDialog'));

/** Who is in a chat, and what one can do about it. */
export function ChatHead({ chat: key }: { chat: ChatHead_chat$key }) {
  const all = useText();
  const text = all.letters;
  const navigate = useNavigate();
  const viewerId = useViewer()?.id ?? '';
  const [asking, setAsking] = useState<'clear' | 'leave' | null>(null);
  const [group, setGroup] = useState(false);
  const chat = useFragment(
    graphql`
      fragment ChatHead_chat on Chat {
        id
        isGroup
        name
        viewerHasMuted
        viewerHasAccepted
        viewerCanWrite
        members {
          user {
            id
            handle
            displayName
          }
        }
        ...ChatFace_chat
      }
    `,
    key,
  );
  const [mute] = useAction<ChatHeadMuteMutation>(graphql`
    mutation ChatHeadMuteMutation($input: SetChatMutedInput!) {
      setChatMuted(input: $input) {
        chat {
          id
          viewerHasMuted
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [clear, clearing] = useAction<ChatHeadClearMutation>(graphql`
    mutation ChatHeadClearMutation($input: ClearChatInput!) {
      clearChat(input: $input) {
        removedChatId
        userErrors {
          code
        }
      }
    }
  `);
  const [leave, leaving] = useAction<ChatHeadLeaveMutation>(graphql`
    mutation ChatHeadLeaveMutation($input: LeaveChatInput!) {
      leaveChat(input: $input) {
        removedChatId
        userErrors {
          code
        }
      }
    }
  `);
  const names = namesOf(chat.members, viewerId);
  const title = chat.isGroup ? chat.name || text.group(names) : names || text.alone;
  const other = chat.isGroup ? undefined : otherOf(chat.members, viewerId);
  const input = { chatId: chat.id };
  const gone = () => {
    setAsking(null);
    void navigate(places.messages);
  };
  const words = (
    <>
      <h2>
        <bdi>{title}</bdi>
      </h2>
      <span className={styles.note}>
        {chat.isGroup ? `${text.members(chat.members.length)} · ${names}` : other && `@${other.handle}`}
      </span>
    </>
  );
  return (
    <header className={styles.head}>
      <Link to={places.messages} className={styles.back} aria-label={all.common.back}>
        <ArrowLeft />
      </Link>
      <ChatFace chat={chat} />
      {other ? (
        <Link to={places.person(other.handle)} className={styles.title}>
          {words}
        </Link>
      ) : (
        <div className={styles.title}>{words}</div>
      )}
      <Menu label={text.options} trigger={<IconButton label={text.options} icon={<MoreHorizontal />} />}>
        {chat.isGroup && (
          <MenuItem icon={<Users />} onSelect={() => setGroup(true)}>
            {text.settings}
          </MenuItem>
        )}
        <MenuItem
          icon={chat.viewerHasMuted ? <Bell /> : <BellOff />}
          onSelect={() => mute({ input: { ...input, isMuted: !chat.viewerHasMuted } })}
        >
          {chat.viewerHasMuted ? text.unmute : text.mute}
        </MenuItem>
        <MenuLine />
        <MenuItem icon={<Trash2 />} danger onSelect={() => setAsking('clear')}>
          {text.clear}
        </MenuItem>
        {chat.isGroup && (
          <MenuItem icon={<LogOut />} danger onSelect={() => setAsking('leave')}>
            {text.leave}
          </MenuItem>
        )}
      </Menu>
      <Suspense>
        {group && <GroupDialog chatId={chat.id} onClose={() => setGroup(false)} />}
        {asking && (
          <Confirm
            open
            onOpenChange={() => setAsking(null)}
            title={asking === 'clear' ? text.clearTitle : text.leaveTitle}
            text={asking === 'clear' ? text.clearText : text.leaveText}
            action={asking === 'clear' ? text.clear : text.leave}
            busy={clearing || leaving}
            onConfirm={() => (asking === 'clear' ? clear({ input, onDone: gone }) : leave({ input, onDone: gone }))}
          />
        )}
      </Suspense>
    </header>
  );
}
