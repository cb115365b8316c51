import { Lock } from 'lucide-react';
import type { ReactNode } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { PersonRow_user$key } from '~/__generated__/PersonRow_user.graphql';
import { Avatar } from '~/design/Avatar';
import { useText } from '~/i18n/language';
import { places } from '~/routing/places';
import styles from './People.module.css';

/** Somebody in a list of people, with what one can do about them beside. */
export function PersonRow({
  user: key,
  note,
  children,
}: {
  user: PersonRow_user$key;
  note?: string;
  children?: ReactNode;
}) {
  const text = useText();
  const user = useFragment(
    graphql`
      fragment PersonRow_user on User {
        handle
        displayName
        isPrivate
        bio
        viewerIsFollowedBy
        avatar {
          url(size: SMALL)
        }
      }
    `,
    key,
  );
  return (
    <li className={styles.row}>
      <Avatar handle={user.handle} name={user.displayName} url={user.avatar?.url} />
      <Link to={places.person(user.handle)} className={styles.who}>
        <span className={styles.name}>
          <bdi>{user.displayName}</bdi>
          {user.isPrivate && <Lock role="img" aria-label={text.people.private} />}
        </span>
        <span className={styles.note}>
          @{user.handle}
          {user.viewerIsFollowedBy && ` · ${text.profile.followsYou}`}
        </span>
        {note && <span className={styles.more}>{note}</span>}
        {user.bio && (
          <span className={styles.bio} dir="auto">
            {user.bio}
          </span>
        )}
      </Link>
      <div className={styles.actions}>{children}</div>
    </li>
  );
}
