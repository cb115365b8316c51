import { Bookmark, Heart, MessageCircle, Repeat2 } from 'lucide-react';
import type { ReactNode } from 'react';
import type { usePostActions_post$key } from '~/__generated__/usePostActions_post.graphql';
import { compose } from '~/compose/open';
import { Tooltip } from '~/design/Tooltip';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { askToLogIn } from '~/session/ended';
import { useViewer } from '~/session/viewer';
import styles from './PostActions.module.css';
import { usePostActions } from './usePostActions';

/** Reply, repost, like, bookmark. Pressed from the keyboard by `data-act`, see `usePostKeys`. */
export function PostActions({ post: key }: { post: usePostActions_post$key }) {
  const text = useText().post;
  const viewer = useViewer();
  const { post, toggleLike, toggleRepost, toggleBookmark } = usePostActions(key);
  const { viewerHasLiked: liked, viewerHasReposted: reposted, viewerHasBookmarked: kept } = post;
  const reply = () => (viewer ? compose({ replyToId: post.id }) : askToLogIn());
  const mayRepost = post.visibility === 'PUBLIC' || post.visibility === 'UNLISTED' || reposted;
  return (
    <div className={styles.actions}>
      <Action
        act="reply"
        label={text.reply}
        shortcut="r"
        counted={text.replies(post.replyCount)}
        count={post.replyCount}
        icon={<MessageCircle />}
        disabled={Boolean(viewer) && !post.viewerCanReply}
        onClick={reply}
      />
      <Action
        act="repost"
        label={reposted ? text.unrepost : text.repost}
        shortcut="t"
        counted={text.reposts(post.repostCount)}
        count={post.repostCount}
        icon={<Repeat2 />}
        pressed={reposted}
        look={reposted ? styles.reposted : undefined}
        disabled={!mayRepost}
        onClick={toggleRepost}
      />
      <Action
        act="like"
        label={liked ? text.unlike : text.like}
        shortcut="l"
        counted={text.likes(post.likeCount)}
        count={post.likeCount}
        icon={<Heart />}
        pressed={liked}
        look={liked ? styles.liked : undefined}
        onClick={toggleLike}
      />
      <Action
        act="bookmark"
        label={kept ? text.unbookmark : text.bookmark}
        shortcut="b"
        icon={<Bookmark />}
        pressed={kept}
        look={`${styles.last} ${kept ? styles.kept : ''}`}
        onClick={toggleBookmark}
      />
    </div>
  );
}

type ActionProps = {
  act: string;
  label: string;
  shortcut: string;
  /** The count in words, and the count. */
  counted?: string;
  count?: number;
  icon: ReactNode;
  pressed?: boolean;
  look?: string | undefined;
  disabled?: boolean;
  onClick: () => void;
};

function Action({ act, label, shortcut, counted, count, icon, pressed, look, disabled, onClick }: ActionProps) {
  const format = useFormat();
  return (
    <Tooltip text={label} shortcut={shortcut}>
      <button
        type="button"
        className={look ? `${styles.action} ${look}` : styles.action}
        data-act={act}
        aria-label={counted ? `${label}. ${counted}` : label}
        aria-pressed={pressed}
        disabled={disabled}
        onClick={onClick}
      >
        {icon}
        {count ? <span aria-hidden="true">{format.compact(count)}</span> : null}
      </button>
    </Tooltip>
  );
}
