import { graphql, type PreloadedQuery, usePaginationFragment } from 'react-relay/hooks';
import { type LoaderFunctionArgs, useLoaderData } from 'react-router';
import type { RepostsPage_post$key } from '~/__generated__/RepostsPage_post.graphql';
import type { RepostsPageMoreQuery } from '~/__generated__/RepostsPageMoreQuery.graphql';
import type { RepostsPageQuery } from '~/__generated__/RepostsPageQuery.graphql';
import { useText } from '~/i18n/language';
import { FollowButton } from '~/people/FollowButton';
import { PeopleList } from '~/people/PeopleList';
import { PersonRow } from '~/people/PersonRow';
import { preload, usePage } from '~/relay/usePage';
import { Empty } from '~/shell/Empty';
import { NotFound } from '~/shell/NotFound';
import { usePages } from '~/timeline/usePages';
import { PostLists } from './PostLists';

const QUERY = graphql`
  query RepostsPageQuery($id: ID!) {
    node(id: $id) {
      __typename
      ... on Post {
        id
        ...RepostsPage_post
      }
    }
  }
`;

export const loader = ({ params }: LoaderFunctionArgs) => preload<RepostsPageQuery>(QUERY, { id: params.id ?? '' });

/** Who did this with a post, the latest first. */
export function Component() {
  const text = useText();
  const { node } = usePage<RepostsPageQuery>(QUERY, useLoaderData<PreloadedQuery<RepostsPageQuery>>());
  if (node?.__typename !== 'Post') return <NotFound text={text.conversation.missing} />;
  return (
    <PostLists id={node.id} title={text.talk.reposts}>
      <List post={node} />
    </PostLists>
  );
}

function List({ post }: { post: RepostsPage_post$key }) {
  const text = useText().talk;
  const { data, ...pagination } = usePaginationFragment<RepostsPageMoreQuery, RepostsPage_post$key>(
    graphql`
      fragment RepostsPage_post on Post
      @refetchable(queryName: "RepostsPageMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
        repostedBy(first: $first, after: $after) @connection(key: "RepostsPage_repostedBy") {
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
    post,
  );
  return (
    <PeopleList
      label={text.reposts}
      edges={data.repostedBy?.edges ?? []}
      {...usePages(pagination)}
      none={<Empty title={text.noReposts} />}
      row={(node) => (
        <PersonRow key={node.id} user={node}>
          <FollowButton user={node} small />
        </PersonRow>
      )}
    />
  );
}
