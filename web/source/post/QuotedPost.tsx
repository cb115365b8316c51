import { graphql, useFragment } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { QuotedPost_post$key } from '~/__generated__/QuotedPost_post.graphql';
import { places } from '~/routing/places';
import { Hole } from './Hole';
import styles from './PostCard.module.css';

/** What a post quotes, small, or why it is not shown. */
export function QuotedPost({ post }: { post: QuotedPost_post$key }) {
  const { quotedPost } = useFragment(
    graphql`
      fragment QuotedPost_post on Post {
        quotedPost {
          __typename
          ... on Post {
            id
            text
            author {
              id
              handle
              displayName
            }
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
  return (
    <Link to={places.post(quotedPost.id)} className={styles.quote}>
      <strong>{quotedPost.author.displayName}</strong> @{quotedPost.author.handle}
      <br />
      {quotedPost.text}
    </Link>
  );
}
