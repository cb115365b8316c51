import { memo } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { Entry_edge$key } from '~/__generated__/Entry_edge.graphql';
import { PostCard } from '~/post/PostCard';
import styles from './Feed.module.css';

/** A post in a list, and why it is there. Nothing where the post is gone meanwhile. */
export const Entry = memo(function Entry({ edge, eager }: { edge: Entry_edge$key; eager?: boolean }) {
  const { node, repostedBy } = useFragment(
    graphql`
      fragment Entry_edge on TimelineEdge {
        repostedBy {
          id
          handle
          displayName
        }
        node {
          id
          ...PostCard_post
        }
      }
    `,
    edge,
  );
  if (!node) return null;
  return (
    <li className={styles.entry}>
      <PostCard post={node} repostedBy={repostedBy} eager={eager} />
    </li>
  );
});
