import { graphql, type PreloadedQuery, usePaginationFragment } from 'react-relay/hooks';
import { type LoaderFunctionArgs, useLoaderData } from 'react-router';
import type { HashtagPage_query$key } from '~/__generated__/HashtagPage_query.graphql';
import type { HashtagPageMoreQuery } from '~/__generated__/HashtagPageMoreQuery.graphql';
import type { HashtagPageQuery } from '~/__generated__/HashtagPageQuery.graphql';
import { useText } from '~/i18n/language';
import { preload, usePage } from '~/relay/usePage';
import { Empty } from '~/shell/Empty';
import { NotFound } from '~/shell/NotFound';
import { Page } from '~/shell/Page';
import { Feed } from '~/timeline/Feed';
import { FreshPill } from '~/timeline/FreshPill';
import { useFeed, waitingOf } from '~/timeline/useFeed';
import { usePages } from '~/timeline/usePages';
import { useShowFresh } from '~/timeline/useShowFresh';

const QUERY = graphql`
  query HashtagPageQuery($name: String!) {
    ...HashtagPage_query @arguments(name: $name)
  }
`;

const FRESH = graphql`
  query HashtagPageFreshQuery($name: String!, $first: Int!) {
    hashtag(name: $name) {
      posts(first: $first) {
        edges {
          cursor
          node {
            id
          }
          ...Entry_edge
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`;

const LIVE = graphql`
  subscription HashtagPageSubscription($name: String!, $after: String) {
    hashtagTimeline(name: $name, after: $after) {
      __typename
      cursor
      ... on PostPublished {
        edge {
          cursor
          node {
            id
          }
          ...Entry_edge
        }
      }
      ... on PostRemoved {
        postId
      }
      ... on AuthorRemoved {
        userId
      }
      ... on Reset {
        reason
      }
    }
  }
`;

type Loaded = { name: string; reference: PreloadedQuery<HashtagPageQuery> };

export function loader({ params: { name = '' } }: LoaderFunctionArgs): Loaded {
  return { name, reference: preload<HashtagPageQuery>(QUERY, { name }) };
}

/** Everything public under a hashtag, live. */
export function Component() {
  const text = useText();
  const { name, reference } = useLoaderData<Loaded>();
  const query = usePage<HashtagPageQuery>(QUERY, reference);
  const { data, ...pagination } = usePaginationFragment<HashtagPageMoreQuery, HashtagPage_query$key>(
    graphql`
      fragment HashtagPage_query on Query
      @refetchable(queryName: "HashtagPageMoreQuery")
      @argumentDefinitions(
        name: { type: "String!" }
        first: { type: "Int", defaultValue: 20 }
        after: { type: "String" }
      ) {
        hashtag(name: $name) {
          name
          posts(first: $first, after: $after) @connection(key: "HashtagPage_posts") {
            __id
            liveCursor
            edges {
              repostedBy {
                id
              }
              node {
                id
              }
              ...Entry_edge
            }
            pending {
              node {
                id
                author {
                  id
                  handle
                  displayName
                  avatar {
                    url(size: SMALL)
                  }
                }
              }
              ...Entry_edge
            }
          }
        }
      }
    `,
    query,
  );
  const posts = data.hashtag?.posts;
  const pages = usePages(pagination);
  const bringIn = useFeed({
    place: `hashtag ${name}`,
    field: 'hashtagTimeline',
    subscription: LIVE,
    variables: { name },
    connectionId: posts?.__id ?? null,
    length: posts?.edges.length ?? 0,
    liveCursor: posts?.liveCursor,
    fresh: {
      query: FRESH,
      variables: { name },
      find: (store, first) => store.getRoot().getLinkedRecord('hashtag', { name })?.getLinkedRecord('posts', { first }),
    },
  });
  const show = useShowFresh(bringIn);
  if (!data.hashtag) return <NotFound />;
  const waiting = waitingOf(posts).flatMap(({ node }) => (node ? [node.author] : []));
  return (
    <Page title={`#${data.hashtag.name}`} back>
      <FreshPill people={waiting} count={waiting.length} onShow={show} />
      <Feed
        label={`#${data.hashtag.name}`}
        edges={posts?.edges ?? []}
        {...pages}
        empty={<Empty title={text.explore.empty} />}
      />
    </Page>
  );
}
