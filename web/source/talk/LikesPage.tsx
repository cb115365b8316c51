import { graphql, type PreloadedQuery, usePaginationFragment } from 'react-relay/hooks';
import { type LoaderFunctionArgs, useLoaderData } from 'react-router';
import type { LikesPage_post$key } from '~/__generated__/LikesPage_post.graphql';
import type { LikesPageMoreQuery } from '~/__generated__/LikesPageMoreQuery.graphql';
import type { LikesPageQuery } from '~/__generated__/LikesPageQuery.graphql';
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
  query LikesPageQuery($id: ID!) {
    node(id: $id) {
      __typename
      ... on Post {
        id
        ...LikesPage_post
      }
    }
  }
`;

export const loader = ({ params }: LoaderFunctionArgs) => preload<LikesPageQuery>(QUERY, { id: params.id ?? '' });

/** Who did this with a post, the latest first. */
export function Component() {
  const text = useText();
  const { node } = usePage<LikesPageQuery>(QUERY, useLoaderData<PreloadedQuery<LikesPageQuery>>());
  if (node?.__typename !== 'Post') return <NotFound text={text.conversation.missing} />;
  return (
    <PostLists id={node.id} title={text.talk.likes}>
      <List post={node} />
    </PostLists>
  );
}

function List({ post }: { post: LikesPage_post$key }) {
  const text = useText().talk;
  const { data, ...pagination } = usePaginationFragment<LikesPageMoreQuery, LikesPage_post$key>(
    graphql`
      fragment LikesPage_post on Post
      @refetchable(queryName: "LikesPageMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
        likedBy(first: $first, after: $after) @connection(key: "LikesPage_likedBy") {
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
      label={text.likes}
      edges={data.likedBy?.edges ?? []}
      {...usePages(pagination)}
      none={<Empty title={text.noLikes} />}
      row={(node) => (
        <PersonRow key={node.id} user={node}>
          <FollowButton user={node} small />
        </PersonRow>
      )}
    />
  );
}
