import { graphql, useFragment } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { Counts_post$key } from '~/__generated__/Counts_post.graphql';
import { useText } from '~/i18n/language';
import { places } from '~/routing/places';
import styles from './Counts.module.css';

/** What others did with the post that a page is about: each number leads to who. */
export function Counts({ post }: { post: Counts_post$key }) {
  const text = useText();
  const { id, likeCount, repostCount, quoteCount } = useFragment(
    graphql`
      fragment Counts_post on Post {
        id
        likeCount
        repostCount
        quoteCount
      }
    `,
    post,
  );
  if (!likeCount && !repostCount && !quoteCount) return null;
  return (
    <p className={styles.counts}>
      {likeCount > 0 && <Link to={places.likes(id)}>{text.post.likes(likeCount)}</Link>}
      {repostCount > 0 && <Link to={places.reposts(id)}>{text.post.reposts(repostCount)}</Link>}
      {quoteCount > 0 && <Link to={places.quotes(id)}>{text.post.quotes(quoteCount)}</Link>}
    </p>
  );
}
