import { useState } from 'react';
import { graphql, usePaginationFragment } from 'react-relay/hooks';
import type { Replies_post$key } from '~/__generated__/Replies_post.graphql';
import type { RepliesMoreQuery } from '~/__generated__/RepliesMoreQuery.graphql';
import { Button } from '~/design/Button';
import { useText } from '~/i18n/language';
import { Hole } from '~/post/Hole';
import { PostCard } from '~/post/PostCard';
import { More } from '~/timeline/More';
import { usePages } from '~/timeline/usePages';
import styles from './ConversationPage.module.css';
import { useOwnReply } from './useOwnReply';

/** The replies to a post, oldest first. When more are counted than were fetched, they can be asked for; they never come by themselves. */
export function Replies({ post }: { post: Replies_post$key }) {
  const text = useText().conversation;
  const { data, refetch, ...pagination } = usePaginationFragment<RepliesMoreQuery, Replies_post$key>(
    graphql`
      fragment Replies_post on Post
      @refetchable(queryName: "RepliesMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
        id
        replyCount
        replies(first: $first, after: $after) @connection(key: "Replies_replies") {
          __id
          edges {
            cursor
            node {
              __typename
              ... on Post {
                id
                ...PostCard_post
              }
              ... on UnavailablePost {
                reason
              }
            }
          }
        }
      }
    `,
    post,
  );
  const pages = usePages(pagination);
  useOwnReply(data.id, data.replies?.__id, !pages.hasNext);
  const edges = data.replies?.edges ?? [];
  const [known, setKnown] = useState(data.replyCount);
  const fresh = pages.hasNext ? 0 : Math.max(0, data.replyCount - Math.max(known, edges.length));
  return (
    <section className={styles.replies} aria-label={text.replies}>
      {edges.length > 0 && <h2>{text.replies}</h2>}
      <ul>
        {edges.map(({ cursor, node }) => (
          <li key={cursor}>
            {node?.__typename === 'Post' && <PostCard post={node} inThread />}
            {node?.__typename === 'UnavailablePost' && <Hole reason={node.reason} />}
          </li>
        ))}
      </ul>
      {fresh > 0 && (
        <div className={styles.earlier}>
          <Button
            look="quiet"
            small
            onClick={() => {
              setKnown(data.replyCount);
              refetch({}, { fetchPolicy: 'store-and-network' });
            }}
          >
            {text.freshReplies(fresh)}
          </Button>
        </div>
      )}
      {edges.length || pages.hasNext ? (
        <More {...pages} end="" />
      ) : (
        !fresh && <p className={styles.none}>{text.noReplies}</p>
      )}
    </section>
  );
}
