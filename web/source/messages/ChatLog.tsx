import { useEffect, useEffectEvent, useMemo, useState, useSyncExternalStore } from 'react';
import { graphql, usePaginationFragment } from 'react-relay/hooks';
import type { ChatLog_chat$key } from '~/__generated__/ChatLog_chat.graphql';
import type { ChatLogMoreQuery } from '~/__generated__/ChatLogMoreQuery.graphql';
import type { ChatLogReadMutation } from '~/__generated__/ChatLogReadMutation.graphql';
import type { ChatLogSubscription } from '~/__generated__/ChatLogSubscription.graphql';
import { Button } from '~/design/Button';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { useLive } from '~/relay/useLive';
import { useViewer } from '~/session/viewer';
import { More } from '~/timeline/More';
import styles from './ChatLog.module.css';
import { Message } from './Message';
import { drop, outbox, waiting } from './outbox';
import { useSend } from './useSend';

const PAGE = 30;
const TYPING_MILLISECONDS = 6_000;

/** What was said in a chat, the newest below; who has seen it, who is writing, and what is on its way. */
export function ChatLog({ chat: key }: { chat: ChatLog_chat$key }) {
  const text = useText().letters;
  const format = useFormat();
  const viewerId = useViewer()?.id ?? '';
  const [failed, setFailed] = useState(false);
  const { data, hasPrevious, isLoadingPrevious, loadPrevious } = usePaginationFragment<
    ChatLogMoreQuery,
    ChatLog_chat$key
  >(
    graphql`
      fragment ChatLog_chat on Chat
      @refetchable(queryName: "ChatLogMoreQuery")
      @argumentDefinitions(last: { type: "Int", defaultValue: 30 }, before: { type: "String" }) {
        id
        isGroup
        viewerReadSequence
        viewerHasAccepted
        members {
          readSequence
          user {
            id
            displayName
          }
        }
        messages(last: $last, before: $before) @connection(key: "ChatLog_messages") {
          edges {
            node {
              id
              sequence
              kind
              text
              createdAt
              sender {
                id
              }
              ...Message_message
            }
          }
        }
      }
    `,
    key,
  );
  const shown = (data.messages?.edges ?? []).flatMap(({ node }) => (node ? [node] : []));
  const newest = shown.at(-1)?.sequence ?? 0;
  const typing = useTyping(data.id);
  useReading(data.id, newest, data.viewerReadSequence);
  const box = outbox(data.id);
  const all = useSyncExternalStore(box.subscribe, box.get);
  const leaving = useMemo(
    () =>
      waiting(
        all,
        shown.map(({ sequence, text: said, sender }) => ({ sequence, text: said, own: sender?.id === viewerId })),
      ),
    [all, shown, viewerId],
  );
  const send = useSend(data.id);
  const lastOwn = shown.findLast(({ sender, kind }) => kind === 'TEXT' && sender?.id === viewerId);
  const readers = data.members.flatMap(({ user, readSequence }) =>
    user && user.id !== viewerId && lastOwn && (readSequence ?? 0) >= lastOwn.sequence ? [user.displayName] : [],
  );
  const writing = data.members.flatMap(({ user }) => (user && typing.includes(user.id) ? [user.displayName] : []));
  const load = () => {
    setFailed(false);
    loadPrevious(PAGE, { onComplete: (error) => setFailed(error !== null) });
  };
  return (
    <div className={styles.scroll}>
      <div>
        {hasPrevious && <More hasNext isLoading={isLoadingPrevious} failed={failed} load={load} />}
        <ol className={styles.log} aria-label={text.messages}>
          {shown.map((message, index) => {
            const before = shown[index - 1];
            const day = format.day(message.createdAt);
            return (
              <li key={message.id} className={styles.place}>
                {(!before || format.day(before.createdAt) !== day) && <p className={styles.day}>{day}</p>}
                <Message
                  message={message}
                  named={data.isGroup && (before?.kind !== 'TEXT' || before.sender?.id !== message.sender?.id)}
                  veiled={!data.viewerHasAccepted}
                />
                {message === lastOwn && readers.length > 0 && (
                  <p className={styles.seen}>{data.isGroup ? text.seenBy(readers.join(', ')) : text.seen}</p>
                )}
              </li>
            );
          })}
          {leaving.map((one) => (
            <li key={one.key} className={styles.leaving} data-leaving="" aria-busy={one.why === null}>
              {one.previews.map((url) => (
                <img key={url} src={url} alt="" className={styles.preview} />
              ))}
              {one.text && (
                <p className={styles.words} dir="auto">
                  {one.text}
                </p>
              )}
              {one.why === null ? (
                <span className={styles.seen}>{text.sending}</span>
              ) : (
                <span className={styles.failed} role="alert">
                  {`${text.notSent}: ${one.why}`}
                  <Button small look="quiet" onClick={() => send(one)}>
                    {text.again}
                  </Button>
                  <Button small look="plain" onClick={() => drop(data.id, one.key)}>
                    {text.drop}
                  </Button>
                </span>
              )}
            </li>
          ))}
        </ol>
        <p className={styles.typing} aria-live="polite">
          {writing.length > 2 ? text.typingMany(writing.length) : writing.map((name) => text.typing(name)).join(' ')}
        </p>
      </div>
    </div>
  );
}

/** Who is writing now: each for a few seconds, or until a message of theirs comes. */
function useTyping(chatId: string): readonly string[] {
  const [typing, setTyping] = useState<readonly { id: string; until: number }[]>([]);
  useLive<ChatLogSubscription>(
    graphql`
      subscription ChatLogSubscription($id: ID!, $after: String) {
        chat(id: $id, after: $after) {
          __typename
          cursor
          ... on MemberTyping {
            userId
          }
          ... on MessageSent {
            edge {
              node {
                id
                sender {
                  id
                }
              }
            }
          }
        }
      }
    `,
    {
      place: `chat ${chatId}`,
      variables: { id: chatId },
      after: undefined,
      onEvent: ({ chat: event }) => {
        const id = event.__typename === 'MemberTyping' ? event.userId : event.edge?.node.sender?.id;
        if (!id) return;
        const rest = (now: typeof typing) => now.filter((one) => one.id !== id);
        setTyping((now) =>
          event.__typename === 'MemberTyping'
            ? [...rest(now), { id, until: Date.now() + TYPING_MILLISECONDS }]
            : rest(now),
        );
      },
    },
  );
  useEffect(() => {
    if (!typing.length) return;
    const next = Math.min(...typing.map(({ until }) => until)) - Date.now();
    const timer = setTimeout(
      () => setTyping((now) => now.filter(({ until }) => until > Date.now())),
      Math.max(0, next) + 20,
    );
    return () => clearTimeout(timer);
  }, [typing]);
  return typing.map(({ id }) => id);
}

/** Says how far one has read, once it is really on the screen. */
function useReading(chatId: string, newest: number, read: number): void {
  const [mark] = useAction<ChatLogReadMutation>(graphql`
    mutation ChatLogReadMutation($input: MarkChatReadInput!) {
      markChatRead(input: $input) {
        chat {
          id
          unreadCount
          viewerReadSequence
        }
        userErrors {
          code
        }
      }
    }
  `);
  const look = useEffectEvent(() => {
    if (document.hidden || newest <= read) return;
    mark({ input: { chatId, sequence: newest }, onRefused: () => undefined, onFailed: () => undefined });
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at anew with each message
  useEffect(() => {
    look();
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [newest]);
}
