import { CalendarDays, Link2, Lock, MapPin } from 'lucide-react';
import type { CSSProperties } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { ProfileHead_user$key } from '~/__generated__/ProfileHead_user.graphql';
import { AiMark } from '~/ai/AiMark';
import { Avatar, hueOf } from '~/design/Avatar';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { Badges } from '~/labelers/Badges';
import { summed } from '~/labelers/summed';
import { MessageButton } from '~/messages/MessageButton';
import { FollowButton } from '~/people/FollowButton';
import lists from '~/people/People.module.css';
import { PersonMenu } from '~/people/PersonMenu';
import { RequestButtons } from '~/people/RequestButtons';
import { Picture } from '~/post/Picture';
import { PostLabels } from '~/post/PostLabels';
import { places } from '~/routing/places';
import { EditButton } from './EditButton';
import styles from './ProfilePage.module.css';

/** Banner, picture, name, what they say of themselves. */
export function ProfileHead({ user: key }: { user: ProfileHead_user$key }) {
  const { profile: text, people } = useText();
  const format = useFormat();
  const user = useFragment(
    graphql`
      fragment ProfileHead_user on User {
        id
        handle
        displayName
        bio
        location
        website
        pronouns
        joinedAt
        followerCount
        followingCount
        postCount
        viewerIsFollowedBy
        isPrivate
        viewerIsRequestedBy
        labels {
          value
        }
        viewerLabels {
          ...heard_label @relay(mask: false)
        }
        avatar {
          url(size: SMALL)
          aiDisclosure {
            kind
            basis
          }
        }
        banner {
          url(size: LARGE)
          width
          height
          blurhash
          altText
          aiDisclosure {
            kind
            basis
          }
        }
        ...EditButton_user
        ...FollowButton_user
        ...MessageButton_user
        ...PersonMenu_user
        ...RequestButtons_user
      }
    `,
    key,
  );
  return (
    <>
      <div className={styles.banner} style={{ '--hue': hueOf(user.handle) } as CSSProperties}>
        {user.banner && <Picture image={user.banner} src={user.banner.url} ratio={3} eager />}
        <span className={styles.sign}>
          <AiMark disclosure={user.banner?.aiDisclosure} inline />
        </span>
      </div>
      <section className={styles.head}>
        <div className={styles.top}>
          <span className={styles.face}>
            <Avatar handle={user.handle} name={user.displayName} url={user.avatar?.url} size="large" />
            <span className={styles.faceSign}>
              <AiMark disclosure={user.avatar?.aiDisclosure} inline small />
            </span>
          </span>
          <div className={styles.buttons}>
            <PersonMenu user={user} />
            <MessageButton user={user} />
            <FollowButton user={user} />
            <EditButton user={user} />
          </div>
        </div>
        <div className={styles.names}>
          <h2>
            <bdi>{user.displayName}</bdi>
          </h2>
          <p>
            <span className={styles.handle}>@{user.handle}</span>{' '}
            {user.isPrivate && <Lock className={styles.lock} role="img" aria-label={people.private} />}{' '}
            {user.pronouns && <span className={styles.chip}>{user.pronouns}</span>}{' '}
            {user.viewerIsFollowedBy && <span className={styles.chip}>{text.followsYou}</span>}
          </p>
        </div>
        {user.viewerIsRequestedBy && (
          <div className={lists.asks}>
            <span>{people.asksYou(user.displayName)}</span>
            <span className={lists.actions}>
              <RequestButtons user={user} />
            </span>
          </div>
        )}
        {user.labels.length > 0 && <PostLabels values={user.labels.map(({ value }) => value)} />}
        <Badges badges={summed(user.viewerLabels).badges} />
        {user.bio && (
          <p className={styles.bio} dir="auto">
            {user.bio}
          </p>
        )}
        <ul className={styles.facts}>
          {user.location && (
            <li>
              <MapPin aria-hidden="true" />
              {user.location}
            </li>
          )}
          {/^https?:\/\//i.test(user.website) && (
            <li>
              <Link2 aria-hidden="true" />
              <a href={user.website} target="_blank" rel="noopener noreferrer nofollow ugc me">
                {user.website.replace(/^https?:\/\/(www\.)?/i, '').replace(/\/$/, '')}
              </a>
            </li>
          )}
          <li>
            <CalendarDays aria-hidden="true" />
            {text.joined(format.month(user.joinedAt))}
          </li>
        </ul>
        <ul className={styles.counts}>
          <li>{text.postCount(user.postCount)}</li>
          <li>
            <Link to={places.following(user.handle)}>{text.followingCount(user.followingCount)}</Link>
          </li>
          <li>
            <Link to={places.followers(user.handle)}>{text.followerCount(user.followerCount)}</Link>
          </li>
        </ul>
      </section>
    </>
  );
}
