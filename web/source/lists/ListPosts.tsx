import { graphql, usePaginationFragment } from 'react-relay/hooks';
import type { ListPosts_list$key } from '~/__generated__/ListPosts_list.graphql';
import type { ListPostsMoreQuery } from '~/__generated__/ListPostsMoreQuery.graphql';
import { useText } from '~/i18n/language';
import { Empty } from '~/shell/Empty';
import { Feed } from '~/timeline/Feed';
import { FreshPill } from '~/timeline/FreshPill';
import { useFeed, waitingOf } from '~/timeline/useFeed';
import { usePages } from '~/timeline/usePages';
import { useShowFresh } from '~/timeline/useShowFresh';

const FRESH = graphql`
  query ListPostsFreshQuery($id: ID!, $first: Int!) {
    node(id: $id) {
      ... on UserList {
        timeline(first: $first) {
          edges {
            cursor
            repostedBy {
              id
            }
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
  }
`;

const LIVE = graphql`
  subscription ListPostsSubscription($id: ID!, $after: String) {
    userListTimeline(id: $id, after: $after) {
      __typename
      cursor
      ... on PostPublished {
        edge {
          cursor
          repostedBy {
            id
          }
          node {
            id
          }
          ...Entry_edge
        }
      }
      ... on PostRemoved {
        postId
      }
      ... on Reset {
        reason
      }
    }
  }
`;

/** What the people on a list post and repost, live. */
export function ListPosts({ list }: { list: ListPosts_list$key }) {
  const text = useText().lists;
  const { data, ...pagination } = usePaginationFragment<ListPostsMoreQuery, ListPosts_list$key>(
    graphql`
      fragment ListPosts_list on UserList
      @refetchable(queryName: "ListPostsMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
        id
        timeline(first: $first, after: $after) @connection(key: "ListPosts_timeline") {
          __id
          liveCursor
          pending {
            repostedBy {
              id
              handle
              displayName
              avatar {
                url(size: SMALL)
              }
            }
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
          edges {
            repostedBy {
              id
            }
            node {
              id
            }
            ...Entry_edge
          }
        }
      }
    `,
    list,
  );
  const pages = usePages(pagination);
  const { id, timeline } = data;
  const bringIn = useFeed({
    place: `list ${id}`,
    field: 'userListTimeline',
    subscription: LIVE,
    variables: { id },
    connectionId: timeline?.__id ?? null,
    length: timeline?.edges.length ?? 0,
    liveCursor: timeline?.liveCursor,
    fresh: {
      query: FRESH,
      variables: { id },
      find: (store, first) => store.get(id)?.getLinkedRecord('timeline', { first }),
    },
  });
  const show = useShowFresh(bringIn);
  const waiting = waitingOf(timeline).flatMap(({ node, repostedBy }) => (node ? [repostedBy ?? node.author] : []));
  return (
    <>
      <FreshPill people={waiting} count={waiting.length} onShow={show} />
      <Feed
        label={text.posts}
        edges={timeline?.edges ?? []}
        {...pages}
        empty={<Empty title={text.empty} text={text.emptyText} />}
      />
    </>
  );
}
