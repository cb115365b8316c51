import { useEffect, useState } from 'react';
import { fetchQuery, graphql, useRelayEnvironment } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { MessageSearchQuery } from '~/__generated__/MessageSearchQuery.graphql';
import { Spinner } from '~/design/Spinner';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { places } from '~/routing/places';
import styles from './ChatList.module.css';
import page from './MessagesPage.module.css';

const PAUSE_MILLISECONDS = 250;

type Found = NonNullable<NonNullable<MessageSearchQuery['response']['viewer']>['messageSearch']>['edges'];

/** One's own messages that have these words, the newest first. */
export function MessageSearch({ words }: { words: string }) {
  const text = useText().letters;
  const format = useFormat();
  const environment = useRelayEnvironment();
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    let asked: { unsubscribe: () => void } | undefined;
    const timer = setTimeout(() => {
      asked = fetchQuery<MessageSearchQuery>(
        environment,
        graphql`
          query MessageSearchQuery($words: String!) {
            viewer {
              messageSearch(words: $words, first: 50) {
                edges {
                  node {
                    id
                    text
                    createdAt
                    sender {
                      id
                      displayName
                    }
                    chat {
                      id
                    }
                  }
                }
              }
            }
          }
        `,
        { words },
        { fetchPolicy: 'network-only' },
      ).subscribe({
        next: ({ viewer }) => setFound(viewer?.messageSearch?.edges ?? []),
        error: () => setFound([]),
      });
    }, PAUSE_MILLISECONDS);
    return () => {
      clearTimeout(timer);
      asked?.unsubscribe();
    };
  }, [environment, words]);
  if (found === null) return <Spinner />;
  if (!found.length) return <p className={page.pick}>{text.nothing}</p>;
  return (
    <ul aria-label={text.found}>
      {found.map(({ node }) => (
        <li key={node.id}>
          <Link to={places.chat(node.chat?.id ?? '')} className={styles.row}>
            <span className={styles.what}>
              <span className={styles.line}>
                <span className={styles.name}>
                  <bdi>{node.sender?.displayName ?? text.gone}</bdi>
                </span>
                <time className={styles.when}>{format.ago(node.createdAt)}</time>
              </span>
              <span className={styles.said} dir="auto">
                {node.text}
              </span>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
