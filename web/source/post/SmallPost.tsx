import { graphql, useFragment } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { SmallPost_post$key } from '~/__generated__/SmallPost_post.graphql';
import { useText } from '~/i18n/language';
import { places } from '~/routing/places';
import { SmallPicture } from './SmallPicture';
import styles from './SmallPost.module.css';

type Props = {
  post: SmallPost_post$key;
  /** Whether its picture is left out, as where a stranger sends it. */
  bare?: boolean;
};

/** A post that another names, small: who, what it says or the warning in place of it, and its first picture. */
export function SmallPost({ post: key, bare }: Props) {
  const text = useText().post;
  const post = useFragment(
    graphql`
      fragment SmallPost_post on Post {
        id
        text
        contentWarning
        author {
          id
          handle
          displayName
        }
        ...SmallPicture_post
      }
    `,
    key,
  );
  const said = post.contentWarning ? `${text.warning}: ${post.contentWarning}` : post.text;
  return (
    <Link to={places.post(post.id)} className={styles.small}>
      <span className={styles.words}>
        <span className={styles.who}>
          <strong>
            <bdi>{post.author.displayName}</bdi>
          </strong>{' '}
          @{post.author.handle}
        </span>
        {said && (
          <span className={styles.said} dir="auto">
            {said}
          </span>
        )}
      </span>
      {!bare && <SmallPicture post={post} />}
    </Link>
  );
}
