import { graphql, usePaginationFragment } from 'react-relay/hooks';
import type { Ancestors_post$key } from '~/__generated__/Ancestors_post.graphql';
import type { AncestorsMoreQuery } from '~/__generated__/AncestorsMoreQuery.graphql';
import { Button } from '~/design/Button';
import { useText } from '~/i18n/language';
import { Hole } from '~/post/Hole';
import { PostCard } from '~/post/PostCard';
import styles from './ConversationPage.module.css';

const PAGE = 20;

/** What the post answers, from the beginning of the conversation down to it. */
export function Ancestors({ post }: { post: Ancestors_post$key }) {
  const text = useText();
  const { data, hasPrevious, isLoadingPrevious, loadPrevious } = usePaginationFragment<
    AncestorsMoreQuery,
    Ancestors_post$key
  >(
    graphql`
      fragment Ancestors_post on Post
      @refetchable(queryName: "AncestorsMoreQuery")
      @argumentDefinitions(last: { type: "Int", defaultValue: 20 }, before: { type: "String" }) {
        ancestors(last: $last, before: $before) @connection(key: "Ancestors_ancestors") {
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
  const edges = data.ancestors?.edges ?? [];
  if (!edges.length) return null;
  return (
    <>
      {hasPrevious && (
        <div className={styles.earlier}>
          <Button look="quiet" small busy={isLoadingPrevious} onClick={() => loadPrevious(PAGE)}>
            {text.conversation.earlier}
          </Button>
        </div>
      )}
      <ol className={styles.above}>
        {edges.map(({ cursor, node }) => (
          <li key={cursor}>
            {node?.__typename === 'Post' && <PostCard post={node} inThread />}
            {node?.__typename === 'UnavailablePost' && <Hole reason={node.reason} />}
            {!node && <Hole reason="DELETED" />}
          </li>
        ))}
      </ol>
    </>
  );
}
