import { CalendarDays, Link2, MapPin } from 'lucide-react';
import type { CSSProperties } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { ProfileHead_user$key } from '~/__generated__/ProfileHead_user.graphql';
import { Avatar, hueOf } from '~/design/Avatar';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { FollowButton } from '~/people/FollowButton';
import { PersonMenu } from '~/people/PersonMenu';
import { Picture } from '~/post/Picture';
import { EditButton } from './EditButton';
import styles from './ProfilePage.module.css';

/** Banner, picture, name, what they say of themselves. */
export function ProfileHead({ user: key }: { user: ProfileHead_user$key }) {
  const text = useText().profile;
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
        avatar {
          url(size: SMALL)
        }
        banner {
          url(size: LARGE)
          width
          height
          blurhash
          altText
        }
        ...EditButton_user
        ...FollowButton_user
        ...PersonMenu_user
      }
    `,
    key,
  );
  return (
    <>
      <div className={styles.banner} style={{ '--hue': hueOf(user.handle) } as CSSProperties}>
        {user.banner && <Picture image={user.banner} src={user.banner.url} ratio={3} eager />}
      </div>
      <section className={styles.head}>
        <div className={styles.top}>
          <span className={styles.face}>
            <Avatar handle={user.handle} name={user.displayName} url={user.avatar?.url} size="large" />
          </span>
          <div className={styles.buttons}>
            <PersonMenu user={user} />
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
            {user.pronouns && <span className={styles.chip}>{user.pronouns}</span>}{' '}
            {user.viewerIsFollowedBy && <span className={styles.chip}>{text.followsYou}</span>}
          </p>
        </div>
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
          <li>{text.followingCount(user.followingCount)}</li>
          <li>{text.followerCount(user.followerCount)}</li>
        </ul>
      </section>
    </>
  );
}
