import { LayoutGrid, Rows3 } from 'lucide-react';
import { graphql, type PreloadedQuery, usePaginationFragment } from 'react-relay/hooks';
import { useLoaderData, useSearchParams } from 'react-router';
import type { ExplorePage_query$key } from '~/__generated__/ExplorePage_query.graphql';
import type { ExplorePageMoreQuery } from '~/__generated__/ExplorePageMoreQuery.graphql';
import type { ExplorePageQuery } from '~/__generated__/ExplorePageQuery.graphql';
import { Segments } from '~/design/Segments';
import { useText } from '~/i18n/language';
import { Wall } from '~/post/Wall';
import { preload, usePage } from '~/relay/usePage';
import { Empty } from '~/shell/Empty';
import { Page } from '~/shell/Page';
import { Feed } from '~/timeline/Feed';
import { FreshPill } from '~/timeline/FreshPill';
import { More } from '~/timeline/More';
import { useFeed, waitingOf } from '~/timeline/useFeed';
import { usePages } from '~/timeline/usePages';
import { useShowFresh } from '~/timeline/useShowFresh';

const QUERY = graphql`
  query ExplorePageQuery {
    ...ExplorePage_query
  }
`;

const FRESH = graphql`
  query ExplorePageFreshQuery($first: Int!) {
    exploreTimeline(first: $first) {
      edges {
        cursor
        node {
          id
          images {
            id
          }
        }
        ...Entry_edge
        ...WallTile_edge
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

const LIVE = graphql`
  subscription ExplorePageSubscription($after: String) {
    exploreTimeline(after: $after) {
      __typename
      cursor
      ... on PostPublished {
        edge {
          cursor
          node {
            id
            images {
              id
              width
              height
            }
          }
          ...Entry_edge
          ...WallTile_edge
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

export const loader = () => preload<ExplorePageQuery>(QUERY, {}, true);

/** Everything public, as a wall of pictures or as posts; open to all, live. */
export function Component() {
  const text = useText();
  const [search, setSearch] = useSearchParams();
  const asList = search.get('view') === 'posts';
  const query = usePage<ExplorePageQuery>(QUERY, useLoaderData<PreloadedQuery<ExplorePageQuery>>());
  const { data, ...pagination } = usePaginationFragment<ExplorePageMoreQuery, ExplorePage_query$key>(
    graphql`
      fragment ExplorePage_query on Query
      @refetchable(queryName: "ExplorePageMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 30 }, after: { type: "String" }) {
        exploreTimeline(first: $first, after: $after) @connection(key: "ExplorePage_exploreTimeline") {
          __id
          liveCursor
          edges {
            repostedBy {
              id
            }
            node {
              id
              images {
                id
                width
                height
              }
            }
            ...Entry_edge
            ...WallTile_edge
          }
          pending {
            node {
              id
              images {
                id
                width
                height
              }
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
            ...WallTile_edge
          }
        }
      }
    `,
    query,
  );
  const timeline = data.exploreTimeline;
  const pages = usePages(pagination);
  const bringIn = useFeed({
    place: 'explore',
    field: 'exploreTimeline',
    subscription: LIVE,
    connectionId: timeline?.__id ?? null,
    length: timeline?.edges.length ?? 0,
    liveCursor: timeline?.liveCursor,
    fresh: { query: FRESH, find: (store, first) => store.getRoot().getLinkedRecord('exploreTimeline', { first }) },
  });
  const show = useShowFresh(bringIn);
  const waiting = waitingOf(timeline).flatMap(({ node }) =>
    node && (asList || node.images.length) ? [node.author] : [],
  );
  const edges = timeline?.edges ?? [];
  const empty = <Empty title={text.explore.empty} />;
  return (
    <Page
      title={text.places.explore}
      wide={!asList}
      tools={
        <Segments
          label={text.explore.view}
          value={asList ? 'posts' : 'pictures'}
          onChange={(view) => setSearch(view === 'posts' ? { view } : {}, { replace: true, preventScrollReset: true })}
          options={[
            { value: 'pictures', label: text.explore.grid, icon: <LayoutGrid /> },
            { value: 'posts', label: text.explore.list, icon: <Rows3 /> },
          ]}
        />
      }
    >
      <FreshPill people={waiting} count={waiting.length} onShow={show} />
      {asList ? (
        <Feed label={text.places.explore} edges={edges} {...pages} empty={empty} />
      ) : edges.length || pages.hasNext ? (
        <>
          <Wall label={text.places.explore} edges={edges} />
          <More {...pages} />
        </>
      ) : (
        empty
      )}
    </Page>
  );
}
