import { graphql, type PreloadedQuery, usePaginationFragment } from 'react-relay/hooks';
import { type LoaderFunctionArgs, useLoaderData } from 'react-router';
import type { FollowingPage_user$key } from '~/__generated__/FollowingPage_user.graphql';
import type { FollowingPageMoreQuery } from '~/__generated__/FollowingPageMoreQuery.graphql';
import type { FollowingPageQuery } from '~/__generated__/FollowingPageQuery.graphql';
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
  query FollowingPageQuery($handle: String!) {
    user(handle: $handle) {
      id
      handle
      displayName
      isPrivate
      viewerIsFollowing
      ...FollowingPage_user
    }
  }
`;

export const loader = ({ params: { at = '' } }: LoaderFunctionArgs) =>
  at.startsWith('@') ? preload<FollowingPageQuery>(QUERY, { handle: at.slice(1) }) : null;

export function Component() {
  const reference = useLoaderData<PreloadedQuery<FollowingPageQuery> | null>();
  return reference ? <Them reference={reference} /> : <NotFound />;
}

/** The `following` of a person, the newest first. */
function Them({ reference }: { reference: PreloadedQuery<FollowingPageQuery> }) {
  const text = useText();
  const viewer = useViewer();
  const { user } = usePage<FollowingPageQuery>(QUERY, reference);
  if (!user) return <NotFound text={text.profile.missing} />;
  const closed = user.isPrivate && !user.viewerIsFollowing && viewer?.id !== user.id;
  return (
    <Page title={`${text.people.following} · @${user.handle}`} heading={text.people.following} back>
      {closed ? <Empty title={text.people.closed} text={text.people.closedText(user.handle)} /> : <List user={user} />}
    </Page>
  );
}

function List({ user }: { user: FollowingPage_user$key }) {
  const text = useText().people;
  const { data, ...pagination } = usePaginationFragment<FollowingPageMoreQuery, FollowingPage_user$key>(
    graphql`
      fragment FollowingPage_user on User
      @refetchable(queryName: "FollowingPageMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
        following(first: $first, after: $after) @connection(key: "FollowingPage_following") {
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
      label={text.following}
      edges={data.following?.edges ?? []}
      {...usePages(pagination)}
      none={text.noFollowing}
      row={(node) => (
        <PersonRow key={node.id} user={node}>
          <FollowButton user={node} small />
        </PersonRow>
      )}
    />
  );
}
