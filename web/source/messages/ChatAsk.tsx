import { graphql, useFragment } from 'react-relay/hooks';
import { useNavigate } from 'react-router';
import type { ChatAsk_chat$key } from '~/__generated__/ChatAsk_chat.graphql';
import type { ChatAskBlockMutation } from '~/__generated__/ChatAskBlockMutation.graphql';
import type { ChatAskMutation } from '~/__generated__/ChatAskMutation.graphql';
import { Button } from '~/design/Button';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { places } from '~/routing/places';
import { useViewer } from '~/session/viewer';
import styles from './ChatPane.module.css';
import { otherOf } from './people';
import { Write } from './Write';

/** The foot of a chat: a field to write in; what to answer to a request; or why nothing can be written. */
export function ChatAsk({ chat: key }: { chat: ChatAsk_chat$key }) {
  const text = useText().letters;
  const navigate = useNavigate();
  const viewerId = useViewer()?.id ?? '';
  const chat = useFragment(
    graphql`
      fragment ChatAsk_chat on Chat {
        id
        isGroup
        viewerHasAccepted
        viewerCanWrite
        members {
          isAdmin
          hasJoined
          user {
            id
            displayName
            handle
          }
        }
        lastMessage {
          id
          sender {
            id
          }
        }
      }
    `,
    key,
  );
  const [answer, busy] = useAction<ChatAskMutation>(graphql`
    mutation ChatAskMutation($input: AnswerChatRequestInput!) {
      answerChatRequest(input: $input) {
        chat {
          id
          viewerHasAccepted
          viewerCanWrite
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [block, blocking] = useAction<ChatAskBlockMutation>(graphql`
    mutation ChatAskBlockMutation($input: BlockUserInput!) {
      blockUser(input: $input) {
        user {
          id
          viewerIsBlocking
        }
        userErrors {
          code
        }
      }
    }
  `);
  const other = chat.isGroup
    ? chat.members.find(({ isAdmin, user }) => isAdmin && user?.id !== viewerId)?.user
    : otherOf(chat.members, viewerId);
  const leave = () => void navigate(`${places.messages}?requests`);
  if (!chat.viewerHasAccepted) {
    const name = other?.displayName ?? text.gone;
    const decline = () => answer({ input: { chatId: chat.id, accept: false }, onDone: leave });
    return (
      <div className={styles.foot}>
        <div className={styles.ask}>
          <p>{chat.isGroup ? text.asksGroup(name) : text.asks(name)}</p>
          <div className={styles.choices}>
            <Button busy={busy} onClick={() => answer({ input: { chatId: chat.id, accept: true } })}>
              {text.accept}
            </Button>
            <Button look="quiet" busy={busy} onClick={decline}>
              {text.decline}
            </Button>
            {other && (
              <Button
                look="danger"
                busy={blocking}
                onClick={() => block({ input: { userId: other.id }, onDone: decline })}
              >
                {text.block}
              </Button>
            )}
          </div>
        </div>
      </div>
    );
  }
  if (!chat.viewerCanWrite) {
    const waits = other && chat.lastMessage?.sender?.id === viewerId;
    return (
      <div className={styles.foot}>
        <p className={styles.closed}>{waits ? text.waits : text.closed}</p>
      </div>
    );
  }
  return <Write chatId={chat.id} />;
}
