import { graphql, useFragment } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { People_user$key } from '~/__generated__/People_user.graphql';
import { Avatar } from '~/design/Avatar';
import { useText } from '~/i18n/language';
import { FollowButton } from '~/people/FollowButton';
import { places } from '~/routing/places';
import { Empty } from '~/shell/Empty';
import { More } from '~/timeline/More';
import styles from './People.module.css';

type Props = {
  label: string;
  edges: readonly { readonly node: ({ readonly id: string } & People_user$key) | null }[];
  empty: string;
  pages: { hasNext: boolean; isLoading: boolean; failed: boolean; load: () => void };
};

/** People one under another, as far down as there are any. */
export function People({ label, edges, empty, pages }: Props) {
  if (!edges.length && !pages.hasNext) return <Empty title={empty} />;
  return (
    <>
      <ul aria-label={label}>{edges.map(({ node }) => node && <Person key={node.id} user={node} />)}</ul>
      <More {...pages} end="" />
    </>
  );
}

function Person({ user: key }: { user: People_user$key }) {
  const text = useText().profile;
  const user = useFragment(
    graphql`
      fragment People_user on User {
        id
        handle
        displayName
        bio
        viewerIsFollowedBy
        avatar {
          url(size: SMALL)
        }
        ...FollowButton_user
      }
    `,
    key,
  );
  return (
    <li className={styles.person}>
      <Link to={places.person(user.handle)} tabIndex={-1} aria-hidden="true">
        <Avatar handle={user.handle} name={user.displayName} url={user.avatar?.url} />
      </Link>
      <div className={styles.who}>
        <Link to={places.person(user.handle)} className={styles.name}>
          <bdi>{user.displayName}</bdi>
        </Link>
        <span className={styles.line}>
          @{user.handle}
          {user.viewerIsFollowedBy && ` · ${text.followsYou}`}
        </span>
        {user.bio && (
          <p className={styles.bio} dir="auto">
            {user.bio}
          </p>
        )}
      </div>
      <FollowButton user={user} small />
    </li>
  );
}
