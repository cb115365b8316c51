import { graphql, type PreloadedQuery, usePaginationFragment } from 'react-relay/hooks';
import { type LoaderFunctionArgs, useLoaderData } from 'react-router';
import type { FollowersPage_user$key } from '~/__generated__/FollowersPage_user.graphql';
import type { FollowersPageMoreQuery } from '~/__generated__/FollowersPageMoreQuery.graphql';
import type { FollowersPageQuery } from '~/__generated__/FollowersPageQuery.graphql';
import { useText } from '~/i18n/language';
import { preload, usePage } from '~/relay/usePage';
import { useViewer } from '~/session/viewer';
import { Empty } from '~/shell/Empty';
import { NotFound } from '~/shell/NotFound';
import { Page } from '~/shell/Page';
import { usePages } from '~/timeline/usePages';
import { FollowButton } from './FollowButton';
import { PeopleList } from './PeopleList';
import { PersonRow } from './PersonRow';

const QUERY = graphql`
  query FollowersPageQuery($handle: String!) {
    user(handle: $handle) {
      id
      handle
      displayName
      isPrivate
      viewerIsFollowing
      ...FollowersPage_user
    }
  }
`;

export const loader = ({ params: { at = '' } }: LoaderFunctionArgs) =>
  at.startsWith('@') ? preload<FollowersPageQuery>(QUERY, { handle: at.slice(1) }) : null;

export function Component() {
  const reference = useLoaderData<PreloadedQuery<FollowersPageQuery> | null>();
  return reference ? <Them reference={reference} /> : <NotFound />;
}

/** The `followers` of a person, the newest first. */
function Them({ reference }: { reference: PreloadedQuery<FollowersPageQuery> }) {
  const text = useText();
  const viewer = useViewer();
  const { user } = usePage<FollowersPageQuery>(QUERY, reference);
  if (!user) return <NotFound text={text.profile.missing} />;
  const closed = user.isPrivate && !user.viewerIsFollowing && viewer?.id !== user.id;
  return (
    <Page title={`${text.people.followers} · @${user.handle}`} heading={text.people.followers} back>
      {closed ? <Empty title={text.people.closed} text={text.people.closedText(user.handle)} /> : <List user={user} />}
    </Page>
  );
}

function List({ user }: { user: FollowersPage_user$key }) {
  const text = useText().people;
  const { data, ...pagination } = usePaginationFragment<FollowersPageMoreQuery, FollowersPage_user$key>(
    graphql`
      fragment FollowersPage_user on User
      @refetchable(queryName: "FollowersPageMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
        followers(first: $first, after: $after) @connection(key: "FollowersPage_followers") {
          edges {
            node {
              id
              ...PersonRow_user
              ...FollowButton_user
            }
          }
        }
      }
    `,
    user,
  );
  return (
    <PeopleList
      label={text.followers}
      edges={data.followers?.edges ?? []}
      {...usePages(pagination)}
      none={text.noFollowers}
      row={(node) => (
        <PersonRow key={node.id} user={node}>
          <FollowButton user={node} small />
        </PersonRow>
      )}
    />
  );
}
