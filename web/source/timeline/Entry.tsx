import { memo } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { Entry_edge$key } from '~/__generated__/Entry_edge.graphql';
import { type PictureShape, ratioOf } from '~/post/Picture';
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
          images {
            width
            height
          }
          ...PostCard_post
        }
      }
    `,
    edge,
  );
  if (!node) return null;
  return (
    <li className={styles.entry} style={{ containIntrinsicBlockSize: `auto ${guess(node.images)}px` }}>
      <PostCard post={node} repostedBy={repostedBy} eager={eager} />
    </li>
  );
});

const COLUMN_PIXELS = 600;
const WORDS_PIXELS = 190;

/** About how high a post is, until it was seen. */
function guess(images: readonly PictureShape[]): number {
  const [first] = images;
  if (!first) return WORDS_PIXELS;
  return Math.round((images.length > 1 ? COLUMN_PIXELS : COLUMN_PIXELS / ratioOf(first)) + WORDS_PIXELS);
}
