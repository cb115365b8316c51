import { Flag } from 'lucide-react';
import { Suspense, useState } from 'react';
import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { PostLightboxQuery } from '~/__generated__/PostLightboxQuery.graphql';
import { Avatar } from '~/design/Avatar';
import { IconButton } from '~/design/IconButton';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { lightbox } from '~/post/lightbox';
import { PostActions } from '~/post/PostActions';
import { PostText } from '~/post/PostText';
import { PATIENT } from '~/relay/network';
import { RemixButton } from '~/remix/RemixButton';
import { later } from '~/routing/later';
import { places } from '~/routing/places';
import { useViewer } from '~/session/viewer';
import styles from './Lightbox.module.css';
import { Story } from './Story';
import { Viewer } from './Viewer';

const ReportDialog = later(() => import('~/report/ReportDialog'));

/** The pictures of a post, with who posted them, what they say, and how each was made. */
export function PostLightbox({ postId, index }: { postId: string; index: number }) {
  const text = useText();
  const format = useFormat();
  const viewer = useViewer();
  const [reporting, setReporting] = useState(false);
  const { node } = useLazyLoadQuery<PostLightboxQuery>(
    graphql`
      query PostLightboxQuery($id: ID!) {
        node(id: $id) {
          __typename
          ... on Post {
            id
            createdAt
            promptVisibility
            viewerCanRemix
            author {
              id
              handle
              displayName
              avatar {
                url(size: SMALL)
              }
            }
            images {
              id
              ...Viewer_image
              ...Story_image
            }
            ...RemixButton_post
            ...PostText_post
            ...usePostActions_post
          }
        }
      }
    `,
    { id: postId },
    { fetchPolicy: 'store-or-network', networkCacheConfig: PATIENT },
  );
  const close = () => lightbox.set(null);
  const post = node?.__typename === 'Post' ? node : null;
  const image = post?.images[Math.min(index, post.images.length - 1)];
  return (
    <Viewer
      images={post?.images ?? []}
      index={index}
      onIndex={(next) => lightbox.set({ postId, index: next })}
      onClose={close}
    >
      {post && (
        <div className={styles.about}>
          <header className={styles.head}>
            <Link to={places.person(post.author.handle)} className={styles.who} onClick={close}>
              <Avatar handle={post.author.handle} name={post.author.displayName} url={post.author.avatar?.url} />
              <span>
                <strong>{post.author.displayName}</strong>
                <span className={styles.handle}>@{post.author.handle}</span>
              </span>
            </Link>
            {viewer && image && viewer.id !== post.author.id && (
              <IconButton label={text.reporting.report} icon={<Flag />} onClick={() => setReporting(true)} />
            )}
          </header>
          <PostText post={post} />
          <p className={styles.when}>
            <Link to={places.post(post.id)} onClick={close}>
              <time dateTime={post.createdAt}>{format.moment(post.createdAt)}</time>
            </Link>
            <Link to={places.post(post.id)} onClick={close} className={styles.link}>
              {text.lightbox.toPost}
            </Link>
          </p>
          <div className={styles.actions}>
            <PostActions post={post} />
          </div>
          {image && <RemixButton post={post} imageId={image.id} />}
          {image && (
            <Story
              image={image}
              shownTo={(post.promptVisibility as 'EVERYONE' | 'FOLLOWERS' | 'NOBODY') ?? 'NOBODY'}
              learntIn={post.viewerCanRemix ? post.id : ''}
            />
          )}
          <Suspense>
            {reporting && image && (
              <ReportDialog subject={{ kind: 'image', id: image.id }} onClose={() => setReporting(false)} />
            )}
          </Suspense>
        </div>
      )}
    </Viewer>
  );
}
