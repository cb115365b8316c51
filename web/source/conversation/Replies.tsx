import { graphql, usePaginationFragment } from 'react-relay/hooks';
import type { Replies_post$key } from '~/__generated__/Replies_post.graphql';
import type { RepliesMoreQuery } from '~/__generated__/RepliesMoreQuery.graphql';
import { Button } from '~/design/Button';
import { useText } from '~/i18n/language';
import { Hole } from '~/post/Hole';
import { PostCard } from '~/post/PostCard';
import { HiddenReplies } from '~/talk/HiddenReplies';
import { More } from '~/timeline/More';
import { useFeed } from '~/timeline/useFeed';
import { usePages } from '~/timeline/usePages';
import styles from './ConversationPage.module.css';

const FRESH = graphql`
  query RepliesFreshQuery($id: ID!, $first: Int!) {
    node(id: $id) {
      ... on Post {
        replies(first: $first) {
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
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  }
`;

const LIVE = graphql`
  subscription RepliesSubscription($id: ID!, $after: String) {
    conversation(id: $id, after: $after) {
      __typename
      cursor
      ... on ReplyPublished {
        replyToId
        edge {
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
      ... on PostRemoved {
        postId
      }
      ... on Reset {
        reason
      }
    }
  }
`;

/** The replies to a post, oldest first. What is written meanwhile waits at the foot until it is asked for; one's own is there at once. */
export function Replies({ post }: { post: Replies_post$key }) {
  const text = useText().conversation;
  const { data, ...pagination } = usePaginationFragment<RepliesMoreQuery, Replies_post$key>(
    graphql`
      fragment Replies_post on Post
      @refetchable(queryName: "RepliesMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 18 }, after: { type: "String" }) {
        id
        ...HiddenReplies_post
        replies(first: $first, after: $after) @connection(key: "Replies_replies") {
          __id
          liveCursor
          edges {
            cursor
            node {
              __typename
              ... on Post {
                id
                isHidden
                ...PostCard_post
              }
              ... on UnavailablePost {
                reason
              }
            }
          }
          pending {
            cursor
            node {
              __typename
              ... on Post {
                id
                ...PostCard_post
              }
            }
          }
        }
      }
    `,
    post,
  );
  const pages = usePages(pagination);
  const { id, replies } = data;
  const all = replies?.edges ?? [];
  const edges = all.filter(({ node }) => !(node?.__typename === 'Post' && node.isHidden));
  const folded = all.flatMap(({ node }) => (node?.__typename === 'Post' && node.isHidden ? [node] : []));
  const bringIn = useFeed({
    place: `conversation ${id}`,
    field: 'conversation',
    subscription: LIVE,
    variables: { id },
    end: 'foot',
    replyToId: id,
    connectionId: replies?.__id ?? null,
    length: all.length,
    liveCursor: replies?.liveCursor,
    fresh: {
      query: FRESH,
      variables: { id },
      find: (store, first) => store.get(id)?.getLinkedRecord('replies', { first }),
    },
  });
  const shown = new Set(all.map(({ cursor }) => cursor));
  const fresh = (replies?.pending ?? []).filter(({ cursor, node }) => node && !shown.has(cursor)).length;
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
      <div className={styles.earlier} role="status">
        {fresh > 0 && (
          <Button look="quiet" small onClick={bringIn} data-fresh={fresh}>
            {text.freshReplies(fresh)}
          </Button>
        )}
      </div>
      {edges.length || pages.hasNext ? (
        <More {...pages} end="" />
      ) : (
        !fresh && !folded.length && <p className={styles.none}>{text.noReplies}</p>
      )}
      <HiddenReplies post={data} more={folded} />
    </section>
  );
}
