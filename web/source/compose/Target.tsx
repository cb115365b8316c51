import { useEffect } from 'react';
import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import type { TargetQuery } from '~/__generated__/TargetQuery.graphql';
import { Avatar } from '~/design/Avatar';
import { useText } from '~/i18n/language';
import { Hole } from '~/post/Hole';
import { SmallPicture } from '~/post/SmallPicture';
import { PATIENT } from '~/relay/network';
import type { Visibility } from './draft';
import styles from './Target.module.css';

/** The post that is answered or quoted, small. */
export function Target({ id, onFound }: { id: string; onFound?: (visibility: Visibility) => void }) {
  const text = useText();
  const post = useTarget(id);
  const visibility = post?.visibility as Visibility | undefined;
  useEffect(() => {
    if (visibility) onFound?.(visibility);
  }, [visibility, onFound]);
  if (!post) return <Hole reason="NOT_VISIBLE" />;
  const { author } = post;
  return (
    <div className={styles.target}>
      <Avatar handle={author.handle} name={author.displayName} url={author.avatar?.url} size="small" />
      <div className={styles.words}>
        <p className={styles.who}>
          <strong>{author.displayName}</strong> @{author.handle}
        </p>
        <p className={styles.text} dir="auto">
          {post.contentWarning ? `${text.post.warning}: ${post.contentWarning}` : post.text}
        </p>
      </div>
      <SmallPicture post={post} />
    </div>
  );
}

function useTarget(id: string) {
  const { node } = useLazyLoadQuery<TargetQuery>(
    graphql`
      query TargetQuery($id: ID!) {
        node(id: $id) {
          __typename
          ... on Post {
            id
            text
            visibility
            contentWarning
            author {
              id
              handle
              displayName
              avatar {
                url(size: SMALL)
              }
            }
            ...SmallPicture_post
          }
        }
      }
    `,
    { id },
    { fetchPolicy: 'store-or-network', networkCacheConfig: PATIENT },
  );
  return node?.__typename === 'Post' ? node : null;
}
