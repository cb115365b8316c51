import {
  AtSign,
  Bell,
  ChartBar,
  Flag,
  Gavel,
  GitFork,
  Heart,
  MessageCircle,
  Quote,
  Repeat2,
  Search,
  Sparkles,
  UserCheck,
  UserPlus,
} from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import { Link, useNavigate } from 'react-router';
import type { NotificationLine_notification$key } from '~/__generated__/NotificationLine_notification.graphql';
import { Avatar } from '~/design/Avatar';
import { buttonClass } from '~/design/Button';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { RequestButtons } from '~/people/RequestButtons';
import { PostCard } from '~/post/PostCard';
import { places } from '~/routing/places';
import styles from './Notifications.module.css';
import { sentence } from './sentence';

const ICONS: Record<string, typeof Bell> = {
  FOLLOW: UserPlus,
  FOLLOW_REQUEST: UserPlus,
  FOLLOW_ACCEPTED: UserCheck,
  MENTION: AtSign,
  REPLY: MessageCircle,
  QUOTE: Quote,
  REPOST: Repeat2,
  LIKE: Heart,
  REMIX: GitFork,
  REMIX_REQUEST: GitFork,
  REMIX_ANSWERED: GitFork,
  POLL_ENDED: ChartBar,
  GENERATION_FINISHED: Sparkles,
  MODERATION: Gavel,
  SAVED_SEARCH: Search,
  REPORT_DECIDED: Flag,
};
/** Kinds whose post is what one wants to read: it stands there whole. */
const WHOLE = new Set(['MENTION', 'REPLY', 'QUOTE', 'REMIX', 'POST']);

/** One line of what one is told of. What was unread when it came into sight stays marked as long as it is shown. */
export function NotificationLine({ notification: key }: { notification: NotificationLine_notification$key }) {
  const text = useText();
  const format = useFormat();
  const navigate = useNavigate();
  const line = useFragment(
    graphql`
      fragment NotificationLine_notification on Notification {
        id
        kind
        count
        isUnread
        latestAt
        actors {
          id
          handle
          displayName
          avatar {
            url(size: SMALL)
          }
          ...RequestButtons_user
        }
        post {
          id
          text
          ...PostCard_post
        }
        job {
          id
          state
          thread {
            id
          }
        }
        remixRequest {
          id
          state
        }
        moderationAction {
          id
        }
        report {
          id
          state
        }
        savedSearch {
          id
          name
          text
          byMeaning
        }
      }
    `,
    key,
  );
  const [wasUnread, setWasUnread] = useState(line.isUnread);
  if (line.isUnread && !wasUnread) setWasUnread(true);
  const { kind, actors, post, job, savedSearch, moderationAction, latestAt } = line;
  const Icon = ICONS[kind] ?? Bell;
  const said = sentence(text.bell, line);
  const mark = wasUnread ? styles.unread : '';
  const time = (
    <time dateTime={latestAt} title={format.moment(latestAt)}>
      {format.ago(latestAt)}
    </time>
  );
  if (post && WHOLE.has(kind)) {
    return (
      <li className={`${styles.whole} ${mark}`} data-kind={kind}>
        <p className={styles.why}>
          <Icon aria-hidden="true" />
          {said}
        </p>
        <PostCard post={post} />
      </li>
    );
  }
  const first = actors[0];
  const to = moderationAction
    ? places.moderation
    : kind === 'REPORT_DECIDED'
      ? places.reports
      : savedSearch
        ? places.found(savedSearch.text, savedSearch.byMeaning ? 'best' : 'posts')
        : post
          ? places.post(post.id)
          : job
            ? job.thread
              ? places.thread(job.thread.id)
              : places.studio
            : first && places.person(first.handle);
  const open = (event: KeyboardEvent<HTMLLIElement>) => {
    if (event.key === 'Enter' && event.target === event.currentTarget && to) void navigate(to);
  };
  return (
    <li
      className={`${styles.line} ${mark}`}
      data-kind={kind}
      data-post={post?.id ?? ''}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: j and k move over lines, and Enter opens one
      tabIndex={0}
      onKeyDown={open}
    >
      <span className={styles.icon}>
        <Icon aria-hidden="true" />
      </span>
      <div className={styles.body}>
        {actors.length > 0 && (
          <div className={styles.faces}>
            {actors.map(({ id, handle, displayName, avatar }) => (
              <Link key={id} to={places.person(handle)} aria-label={`@${handle}`}>
                <Avatar handle={handle} name={displayName} url={avatar?.url} size="small" />
              </Link>
            ))}
          </div>
        )}
        <p className={styles.what}>
          {to ? <Link to={to}>{said}</Link> : said} {time}
        </p>
        {post?.text && (
          <p className={styles.excerpt} dir="auto">
            {post.text}
          </p>
        )}
        {kind === 'FOLLOW_REQUEST' && first && (
          <div className={styles.actions}>
            <RequestButtons user={first} />
          </div>
        )}
        {kind === 'REMIX_REQUEST' && (
          <div className={styles.actions}>
            <Link to={places.sharing} className={buttonClass({ look: 'quiet', small: true })}>
              {text.bell.answer}
            </Link>
          </div>
        )}
      </div>
    </li>
  );
}
