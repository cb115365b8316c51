import type { ReactNode } from 'react';
import { graphql, usePaginationFragment } from 'react-relay/hooks';
import type { SearchPosts_query$key } from '~/__generated__/SearchPosts_query.graphql';
import type { SearchPostsMoreQuery } from '~/__generated__/SearchPostsMoreQuery.graphql';
import { useText } from '~/i18n/language';
import { Feed } from '~/timeline/Feed';
import { FreshPill } from '~/timeline/FreshPill';
import { useFeed, waitingOf } from '~/timeline/useFeed';
import { usePages } from '~/timeline/usePages';
import { useShowFresh } from '~/timeline/useShowFresh';

const FRESH = graphql`
  query SearchPostsFreshQuery($text: String!, $first: Int!) {
    search(text: $text) {
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
  subscription SearchPostsSubscription($text: String!, $after: String) {
    searchTimeline(text: $text, after: $after) {
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

/** The posts that are found, the newest first, live. */
export function SearchPosts({
  query,
  text: asked,
  none,
}: {
  query: SearchPosts_query$key;
  text: string;
  none: ReactNode;
}) {
  const { search: text } = useText();
  const { data, ...pagination } = usePaginationFragment<SearchPostsMoreQuery, SearchPosts_query$key>(
    graphql`
      fragment SearchPosts_query on Query
      @refetchable(queryName: "SearchPostsMoreQuery")
      @argumentDefinitions(
        text: { type: "String!" }
        first: { type: "Int", defaultValue: 20 }
        after: { type: "String" }
      ) {
        search(text: $text) {
          posts(first: $first, after: $after) @connection(key: "SearchPosts_posts") {
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
  const posts = data.search.posts;
  const pages = usePages(pagination);
  const bringIn = useFeed({
    place: `search ${asked}`,
    field: 'searchTimeline',
    subscription: LIVE,
    variables: { text: asked },
    connectionId: posts?.__id ?? null,
    length: posts?.edges.length ?? 0,
    liveCursor: posts?.liveCursor,
    fresh: {
      query: FRESH,
      variables: { text: asked },
      find: (store, first) =>
        store.getRoot().getLinkedRecord('search', { text: asked })?.getLinkedRecord('posts', { first }),
    },
  });
  const show = useShowFresh(bringIn);
  const waiting = waitingOf(posts).flatMap(({ node }) => (node ? [node.author] : []));
  return (
    <>
      <FreshPill people={waiting} count={waiting.length} onShow={show} />
      <Feed label={text.posts} edges={posts?.edges ?? []} {...pages} empty={none} />
    </>
  );
}
