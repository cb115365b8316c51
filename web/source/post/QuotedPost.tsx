import { graphql, useFragment } from 'react-relay/hooks';
import type { QuotedPost_post$key } from '~/__generated__/QuotedPost_post.graphql';
import { Hole } from './Hole';
import { SmallPost } from './SmallPost';

/** What a post quotes, small, or why it is not shown. */
export function QuotedPost({ post }: { post: QuotedPost_post$key }) {
  const { quotedPost } = useFragment(
    graphql`
      fragment QuotedPost_post on Post {
        quotedPost {
          __typename
          ... on Post {
            ...SmallPost_post
          }
          ... on UnavailablePost {
            reason
          }
        }
      }
    `,
    post,
  );
  if (!quotedPost) return null;
  if (quotedPost.__typename === 'UnavailablePost') return <Hole reason={quotedPost.reason} />;
  if (quotedPost.__typename !== 'Post') return null;
  return <SmallPost post={quotedPost} />;
}
