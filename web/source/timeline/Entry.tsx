import { memo } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { Entry_edge$key } from '~/__generated__/Entry_edge.graphql';
import { type PictureShape, ratioOf } from '~/post/Picture';
import { PostCard } from '~/post/PostCard';
import { useNear } from './useNear';

/**
 * A post in a list, and why it is there; nothing where the post is gone meanwhile. Far off screen it is only a place of its height, so that
 * a long list costs no more than a short one.
 */
export const Entry = memo(function Entry({ edge, index }: { edge: Entry_edge$key; index: number }) {
  const { near, height, watch } = useNear(index < ALIVE_AT_FIRST);
  const { cursor, node, repostedBy, reason } = useFragment(
    graphql`
      fragment Entry_edge on TimelineEdge {
        cursor
        repostedBy {
          id
          handle
          displayName
        }
        reason {
          ...Why_reason
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
    <li
      ref={watch}
      data-entry={node.id}
      data-cursor={reason ? undefined : cursor}
      style={near ? undefined : { blockSize: height ?? guess(node.images) }}
    >
      {near && <PostCard post={node} repostedBy={repostedBy} reason={reason} eager={index < EAGER} />}
    </li>
  );
});

const EAGER = 2;
const ALIVE_AT_FIRST = 10;
const COLUMN_PIXELS = 600;
const WORDS_PIXELS = 190;

/** About how high a post is, until it was seen. */
function guess(images: readonly PictureShape[]): number {
  const [first] = images;
  if (!first) return WORDS_PIXELS;
  return Math.round((images.length > 1 ? COLUMN_PIXELS : COLUMN_PIXELS / ratioOf(first)) + WORDS_PIXELS);
}
