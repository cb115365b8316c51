import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { ChatPaneQuery } from '~/__generated__/ChatPaneQuery.graphql';
import { buttonClass } from '~/design/Button';
import { useText } from '~/i18n/language';
import { places } from '~/routing/places';
import { Empty } from '~/shell/Empty';
import { ChatAsk } from './ChatAsk';
import { ChatHead } from './ChatHead';
import { ChatLog } from './ChatLog';
import styles from './ChatPane.module.css';

/** One chat: who is in it, what was said, and what to say next. */
export function ChatPane({ id }: { id: string }) {
  const all = useText();
  const { node: chat } = useLazyLoadQuery<ChatPaneQuery>(
    graphql`
      query ChatPaneQuery($id: ID!) {
        node(id: $id) {
          __typename
          ... on Chat {
            id
            ...ChatHead_chat
            ...ChatLog_chat
            ...ChatAsk_chat
          }
        }
      }
    `,
    { id },
    { fetchPolicy: 'store-and-network' },
  );
  if (chat?.__typename !== 'Chat') {
    return (
      <Empty title={all.notFound.title} text={all.notFound.text}>
        <Link to={places.messages} className={buttonClass()}>
          {all.letters.title}
        </Link>
      </Empty>
    );
  }
  return (
    <div className={styles.chat}>
      <ChatHead chat={chat} />
      <ChatLog chat={chat} />
      <ChatAsk chat={chat} />
    </div>
  );
}
