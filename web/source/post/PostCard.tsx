import { CornerDownRight, Gavel, Lock, Repeat2 } from 'lucide-react';
import { memo, useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import { Link, useLocation } from 'react-router';
import type { PostCard_post$key } from '~/__generated__/PostCard_post.graphql';
import type { Why_reason$key } from '~/__generated__/Why_reason.graphql';
import { Folded } from '~/ai/Folded';
import { useAiFold } from '~/ai/useAiFold';
import { Avatar } from '~/design/Avatar';
import { Button } from '~/design/Button';
import { EditedMark } from '~/edits/EditedMark';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { Badges } from '~/labelers/Badges';
import { useLabelFold } from '~/labelers/useLabelFold';
import { useFold } from '~/muting/useFold';
import { Why } from '~/picked/Why';
import { PostPoll } from '~/poll/PostPoll';
import { RemixCredit } from '~/remix/RemixCredit';
import { places } from '~/routing/places';
import { Counts } from '~/talk/Counts';
import { Covered } from '~/talk/Covered';
import { LinkCard } from '~/talk/LinkCard';
import { useOnScreen } from './onScreen';
import { PostActions } from './PostActions';
import styles from './PostCard.module.css';
import { PostCreation } from './PostCreation';
import { PostLabels } from './PostLabels';
import { PostMenu } from './PostMenu';
import { PostPictures } from './PostPictures';
import { PostText } from './PostText';
import { QuotedPost } from './QuotedPost';

type Props = {
  post: PostCard_post$key;
  /** Who brought it here, where it stands by a repost. */
  repostedBy?: { readonly handle: string; readonly displayName: string } | null;
  /** Why it was picked, where it was. */
  reason?: Why_reason$key | null;
  /** Whether what it answers is shown as well. */
  inThread?: boolean;
  /** Whether the page is about this post. */
  focused?: boolean;
  /** Whether its picture is among the first that are seen. */
  eager?: boolean;
};

/** Posts whose warning was read and which are shown since, also after they were scrolled away. */
const shownAnyway = new Set<string>();

/** A post wherever posts stand: who, the picture, what they say, what one can do. */
export const PostCard = memo(function PostCard({ post: key, repostedBy, reason, inThread, focused, eager }: Props) {
  const text = useText();
  const format = useFormat();
  const post = useFragment(
    graphql`
      fragment PostCard_post on Post {
        id
        createdAt
        editedAt
        viewCount
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
        version
        images {
          id
          remixed
          aiDisclosure {
            kind
          }
        }
        replyTo {
          __typename
          ... on Post {
            id
            author {
              id
              handle
            }
          }
        }
        isTakenDown
        labelValues
        ...PostText_post
        creation {
          state
        }
        ...PostPictures_post
        ...PostCreation_post
        ...PostPoll_post
        ...QuotedPost_post
        ...usePostActions_post
        ...PostMenu_post
        ...useFold_post
        ...Covered_post
        ...LinkCard_post
        ...Counts_post
      }
    `,
    key,
  );
  const [revealed, setRevealed] = useState(shownAnyway.has(post.id));
  const [madeWithAi, unfoldAi] = useAiFold(post);
  const labelled = useLabelFold(post);
  const watch = useOnScreen(post.id);
  const reveal = () => {
    if (revealed) shownAnyway.delete(post.id);
    else shownAnyway.add(post.id);
    setRevealed(!revealed);
  };
  const { author, contentWarning } = post;
  const folded = useFold(post, useLocation().pathname === places.home);
  const hidden = Boolean(contentWarning || folded || labelled.warning) && !revealed;
  const why = labelled.aside ?? (madeWithAi ? text.labels.hiddenPost(author.displayName) : null);
  const aside = why !== null;
  // In a conversation it stands above.
  const answered = !inThread && post.replyTo?.__typename === 'Post' ? post.replyTo : null;
  const pictured = post.images.length > 0 || Boolean(post.creation);
  return (
    <article
      ref={watch}
      className={focused ? `${styles.card} ${styles.focused}` : styles.card}
      data-post={post.id}
      tabIndex={-1}
      aria-label={text.post.label(author.displayName)}
    >
      {repostedBy && (
        <p className={styles.reason}>
          <Repeat2 aria-hidden="true" />
          <Link to={places.person(repostedBy.handle)}>{text.post.repostedBy(repostedBy.displayName)}</Link>
        </p>
      )}
      {reason && <Why reason={reason} className={styles.reason} />}
      {answered && (
        <p className={styles.reason}>
          <CornerDownRight aria-hidden="true" />
          <Link to={places.post(answered.id)}>{text.post.replyingTo(answered.author.handle)}</Link>
        </p>
      )}
      <header className={styles.head}>
        <Link to={places.person(author.handle)} tabIndex={-1} aria-hidden="true">
          <Avatar handle={author.handle} name={author.displayName} url={author.avatar?.url} />
        </Link>
        <div className={styles.who}>
          <Link to={places.person(author.handle)} className={styles.name}>
            <bdi>{author.displayName}</bdi>
          </Link>
          <span className={styles.line}>
            <span>@{author.handle}</span>
            <span aria-hidden="true">·</span>
            <Link to={places.post(post.id)}>
              <time dateTime={post.createdAt} title={format.moment(post.createdAt)}>
                {format.ago(post.createdAt)}
              </time>
            </Link>
            {post.editedAt && (
              <>
                <span aria-hidden="true">·</span>
                <EditedMark postId={post.id} />
              </>
            )}
            {post.visibility !== 'PUBLIC' && (
              <span title={text.post.visibility[post.visibility as keyof typeof text.post.visibility]}>
                <Lock size={13} aria-hidden="true" />
                <span className="visually-hidden">
                  {text.post.visibility[post.visibility as keyof typeof text.post.visibility]}
                </span>
              </span>
            )}
          </span>
        </div>
        <PostMenu post={post} />
      </header>
      {post.isTakenDown && (
        <p className={styles.reason}>
          <Gavel aria-hidden="true" />
          <Link to={places.moderation}>{text.reporting.down}</Link>
        </p>
      )}
      {post.labelValues.length > 0 && <PostLabels values={post.labelValues} />}
      {labelled.heard && <Badges badges={labelled.heard.badges} />}
      {why !== null && <Folded why={why} onShow={labelled.aside ? labelled.bringBack : unfoldAi} />}
      {(folded || labelled.warning) && !aside && (
        <div className={styles.warning}>
          <span>{folded ?? labelled.warning}</span>
          {!contentWarning && (
            <Button look="quiet" small onClick={reveal} aria-expanded={revealed}>
              {revealed ? text.post.hide : text.post.show}
            </Button>
          )}
        </div>
      )}
      {!aside && post.images.some(({ remixed }) => remixed) && <RemixCredit postId={post.id} version={post.version} />}
      {contentWarning && !aside && (
        <div className={styles.warning}>
          <span>
            <strong>{text.post.warning}</strong> {contentWarning}
          </span>
          <Button look="quiet" small onClick={reveal} aria-expanded={revealed}>
            {revealed ? text.post.hide : text.post.show}
          </Button>
        </div>
      )}
      {!hidden && !aside && (
        <>
          {pictured && (
            <div className={styles.wall}>
              <Covered post={post}>
                <PostPictures post={post} eager={eager} veil={labelled.veil} waits={!labelled.heard} />
              </Covered>
              {post.creation && <PostCreation post={post} />}
            </div>
          )}
          <PostText post={post} className={pictured ? styles.caption : styles.words} />
          <PostPoll post={post} />
          <LinkCard post={post} />
          <QuotedPost post={post} />
        </>
      )}
      {focused && (
        <p className={styles.when}>
          <time dateTime={post.createdAt}>{format.moment(post.createdAt)}</time>
          {post.viewCount > 0 && <span> · {text.insights.seen(post.viewCount)}</span>}
        </p>
      )}
      {focused && !aside && <Counts post={post} />}
      {!aside && <PostActions post={post} />}
    </article>
  );
});
