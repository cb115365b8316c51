import { List, Rows3, Settings } from 'lucide-react';
import { Suspense } from 'react';
import { graphql, type PreloadedQuery } from 'react-relay/hooks';
import { Link, type LoaderFunctionArgs, NavLink, useLoaderData } from 'react-router';
import type { ProfilePageQuery } from '~/__generated__/ProfilePageQuery.graphql';
import { useText } from '~/i18n/language';
import { preload, usePage } from '~/relay/usePage';
import { later } from '~/routing/later';
import { places } from '~/routing/places';
import { useViewer } from '~/session/viewer';
import { NotFound } from '~/shell/NotFound';
import { Page } from '~/shell/Page';
import { ProfileHead } from './ProfileHead';
import { ProfileMedia } from './ProfileMedia';
import styles from './ProfilePage.module.css';
import { ProfilePosts } from './ProfilePosts';

const LabelerSection = later(() => import('~/labelers/LabelerSection'));

const QUERY = graphql`
  query ProfilePageQuery($handle: String!, $media: Boolean!) {
    user(handle: $handle) {
      id
      handle
      displayName
      viewerIsBlocking
      ...ProfileHead_user
      ...LabelerSection_user
      labeler {
        createdAt
      }
      ...ProfilePosts_user @skip(if: $media)
      ...ProfileMedia_user @include(if: $media)
    }
  }
`;

type Loaded = { reference: PreloadedQuery<ProfilePageQuery>; media: boolean };

/** `/@ada` and `/@ada/media`; any other single word is no address of ours. */
export function loader({ params, request }: LoaderFunctionArgs): Loaded | null {
  const { at = '' } = params;
  if (!at.startsWith('@')) return null;
  const media = new URL(request.url).pathname.endsWith('/media');
  return { reference: preload<ProfilePageQuery>(QUERY, { handle: at.slice(1), media }), media };
}

export function Component() {
  const loaded = useLoaderData<Loaded | null>();
  return loaded ? <Profile {...loaded} /> : <NotFound />;
}

/** A person: who they are, what they posted, their pictures. */
function Profile({ reference, media }: Loaded) {
  const text = useText();
  const viewer = useViewer();
  const { user } = usePage<ProfilePageQuery>(QUERY, reference);
  if (!user) return <NotFound text={text.profile.missing} />;
  return (
    <Page
      title={`${user.displayName} (@${user.handle})`}
      heading={<bdi>{user.displayName}</bdi>}
      tools={
        viewer?.id === user.id && (
          <>
            <Link to={places.lists} className={styles.settings} aria-label={text.lists.title}>
              <List aria-hidden="true" />
            </Link>
            <Link to={places.feeds} className={styles.settings} aria-label={text.custom.title}>
              <Rows3 aria-hidden="true" />
            </Link>
            <Link to={places.settings} className={styles.settings} aria-label={text.places.settings}>
              <Settings aria-hidden="true" />
            </Link>
          </>
        )
      }
      back
    >
      <ProfileHead user={user} />
      <Suspense>{user.labeler && <LabelerSection user={user} />}</Suspense>
      <nav className={styles.tabs} aria-label={user.displayName}>
        <NavLink to={places.person(user.handle)} end className={styles.tab} preventScrollReset>
          {text.profile.posts}
        </NavLink>
        <NavLink to={places.media(user.handle)} end className={styles.tab} preventScrollReset>
          {text.profile.media}
        </NavLink>
      </nav>
      {user.viewerIsBlocking ? (
        <p className={styles.blocked}>{text.profile.youBlock}</p>
      ) : media ? (
        <ProfileMedia user={user} />
      ) : (
        <ProfilePosts user={user} />
      )}
    </Page>
  );
}
