import { graphql, type PreloadedQuery, usePaginationFragment } from 'react-relay/hooks';
import { type LoaderFunctionArgs, useLoaderData } from 'react-router';
import type { QuotesPage_post$key } from '~/__generated__/QuotesPage_post.graphql';
import type { QuotesPageMoreQuery } from '~/__generated__/QuotesPageMoreQuery.graphql';
import type { QuotesPageQuery } from '~/__generated__/QuotesPageQuery.graphql';
import { useText } from '~/i18n/language';
import { preload, usePage } from '~/relay/usePage';
import { Empty } from '~/shell/Empty';
import { NotFound } from '~/shell/NotFound';
import { Feed } from '~/timeline/Feed';
import { usePages } from '~/timeline/usePages';
import { PostLists } from './PostLists';

const QUERY = graphql`
  query QuotesPageQuery($id: ID!) {
    node(id: $id) {
      __typename
      ... on Post {
        id
        ...QuotesPage_post
      }
    }
  }
`;

export const loader = ({ params }: LoaderFunctionArgs) => preload<QuotesPageQuery>(QUERY, { id: params.id ?? '' });

/** The posts that quote a post, newest first. */
export function Component() {
  const text = useText();
  const { node } = usePage<QuotesPageQuery>(QUERY, useLoaderData<PreloadedQuery<QuotesPageQuery>>());
  if (node?.__typename !== 'Post') return <NotFound text={text.conversation.missing} />;
  return (
    <PostLists id={node.id} title={text.talk.quotes}>
      <List post={node} />
    </PostLists>
  );
}

function List({ post }: { post: QuotesPage_post$key }) {
  const text = useText().talk;
  const { data, ...pagination } = usePaginationFragment<QuotesPageMoreQuery, QuotesPage_post$key>(
    graphql`
      fragment QuotesPage_post on Post
      @refetchable(queryName: "QuotesPageMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
        quotes(first: $first, after: $after) @connection(key: "QuotesPage_quotes") {
          edges {
            node {
              id
            }
            ...Entry_edge
          }
        }
      }
    `,
    post,
  );
  const pages = usePages(pagination);
  return (
    <Feed label={text.quotes} edges={data.quotes?.edges ?? []} {...pages} empty={<Empty title={text.noQuotes} />} />
  );
}
