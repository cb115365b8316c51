import { LayoutGrid, Rows3, Search, TrendingUp } from 'lucide-react';
import { Suspense } from 'react';
import { graphql, type PreloadedQuery, usePaginationFragment } from 'react-relay/hooks';
import { Link, useLoaderData, useSearchParams } from 'react-router';
import type { ExplorePage_query$key } from '~/__generated__/ExplorePage_query.graphql';
import type { ExplorePageMoreQuery } from '~/__generated__/ExplorePageMoreQuery.graphql';
import type { ExplorePageQuery } from '~/__generated__/ExplorePageQuery.graphql';
import { buttonClass } from '~/design/Button';
import { Segments } from '~/design/Segments';
import { useText } from '~/i18n/language';
import { Wall } from '~/post/Wall';
import { preload, usePage } from '~/relay/usePage';
import { later } from '~/routing/later';
import { places } from '~/routing/places';
import { Empty } from '~/shell/Empty';
import { Page } from '~/shell/Page';
import { Waiting } from '~/shell/Waiting';
import { Feed } from '~/timeline/Feed';
import { FreshPill } from '~/timeline/FreshPill';
import { More } from '~/timeline/More';
import { useFeed, waitingOf } from '~/timeline/useFeed';
import { usePages } from '~/timeline/usePages';
import { useShowFresh } from '~/timeline/useShowFresh';

const Trends = later(() => import('~/trends/Trends'));

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

/** Everything public, as a wall of pictures or as posts, and what trends; open to all, live. */
export function Component() {
  const text = useText();
  const [search, setSearch] = useSearchParams();
  const view = search.get('view');
  const asList = view === 'posts';
  const asTrends = view === 'trends';
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
      wide={!asList && !asTrends}
      tools={
        <>
          <Link
            to={places.search}
            aria-label={text.places.search}
            className={buttonClass({ look: 'quiet', small: true })}
          >
            <Search />
          </Link>
          <Segments
            label={text.explore.view}
            value={asTrends ? 'trends' : asList ? 'posts' : 'pictures'}
            onChange={(view) =>
              setSearch(view === 'pictures' ? {} : { view }, { replace: true, preventScrollReset: true })
            }
            options={[
              { value: 'pictures', label: text.explore.grid, icon: <LayoutGrid /> },
              { value: 'posts', label: text.explore.list, icon: <Rows3 /> },
              { value: 'trends', label: text.trends.title, icon: <TrendingUp /> },
            ]}
          />
        </>
      }
    >
      {!asTrends && <FreshPill people={waiting} count={waiting.length} onShow={show} />}
      {asTrends ? (
        <Suspense fallback={<Waiting />}>
          <Trends />
        </Suspense>
      ) : asList ? (
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
