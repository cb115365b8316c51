import { useState } from 'react';
import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import type { SendPostMutation } from '~/__generated__/SendPostMutation.graphql';
import type { SendPostOpenMutation } from '~/__generated__/SendPostOpenMutation.graphql';
import type { SendPostQuery } from '~/__generated__/SendPostQuery.graphql';
import type { Suggestion } from '~/compose/useMentions';
import { Button } from '~/design/Button';
import { Dialog } from '~/design/Dialog';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { codeText, type Refusal } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { useViewer } from '~/session/viewer';
import { ChatFace } from './ChatFace';
import { PeoplePicker } from './PeoplePicker';
import styles from './PeoplePicker.module.css';
import { namesOf } from './people';

/** Passes a post on: into one of the last chats, or to somebody. */
export default function SendPost({ postId, onClose }: { postId: string; onClose: () => void }) {
  const all = useText();
  const text = all.letters;
  const viewerId = useViewer()?.id ?? '';
  const [people, setPeople] = useState<readonly Suggestion[]>([]);
  const { viewer } = useLazyLoadQuery<SendPostQuery>(
    graphql`
      query SendPostQuery {
        viewer {
          chats(first: 8) {
            edges {
              node {
                id
                isGroup
                name
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
            }
          }
        }
      }
    `,
    {},
    { fetchPolicy: 'network-only' },
  );
  const [send, sending] = useAction<SendPostMutation>(graphql`
    mutation SendPostMutation($input: SendMessageInput!) {
      sendMessage(input: $input) {
        message {
          id
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [open, opening] = useAction<SendPostOpenMutation>(graphql`
    mutation SendPostOpenMutation($input: OpenChatInput!) {
      openChat(input: $input) {
        chat {
          id
        }
        userErrors {
          code
        }
      }
    }
  `);
  const onRefused = ([first]: readonly Refusal[]) =>
    toast(first?.code === 'FORBIDDEN' ? text.cannotWrite : codeText(all, first?.code ?? 'OTHER'), { urgent: true });
  const pass = (chatId: string) =>
    send({
      input: { chatId, sharedPostId: postId },
      onRefused,
      onDone: () => {
        toast(text.sent);
        onClose();
      },
    });
  const [first] = people;
  const chats = (viewer?.chats?.edges ?? []).flatMap(({ node }) => (node?.viewerCanWrite ? [node] : []));
  return (
    <Dialog open onOpenChange={onClose} title={text.sendPost}>
      <div className={styles.form}>
        <PeoplePicker chosen={people} onChange={(chosen) => setPeople(chosen.slice(-1))} />
        {first && (
          <div className={styles.end}>
            <Button
              busy={sending || opening}
              onClick={() =>
                open({
                  input: { userId: first.id },
                  onRefused,
                  onDone: ({ openChat: { chat } }) => chat && pass(chat.id),
                })
              }
            >
              {text.send}
            </Button>
          </div>
        )}
        {chats.length > 0 && (
          <ul className={styles.found} aria-label={text.list}>
            {chats.map((chat) => {
              const names = namesOf(chat.members, viewerId);
              return (
                <li key={chat.id}>
                  <button type="button" className={styles.person} disabled={sending} onClick={() => pass(chat.id)}>
                    <ChatFace chat={chat} />
                    <bdi>{chat.isGroup ? chat.name || text.group(names) : names || text.alone}</bdi>
                  </button>
                </li>
              );
            })}
          </ul>
        )}
      </div>
    </Dialog>
  );
}
