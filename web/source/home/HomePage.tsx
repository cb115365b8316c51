import { Suspense, startTransition, useEffect, useState } from 'react';
import { graphql, type PreloadedQuery, usePaginationFragment } from 'react-relay/hooks';
import { Link, useLoaderData, useSearchParams } from 'react-router';
import type { HomePage_viewer$key } from '~/__generated__/HomePage_viewer.graphql';
import type { HomePageMoreQuery } from '~/__generated__/HomePageMoreQuery.graphql';
import type { HomePageQuery } from '~/__generated__/HomePageQuery.graphql';
import { ComposeInline } from '~/compose/ComposeInline';
import { buttonClass } from '~/design/Button';
import { Segments } from '~/design/Segments';
import { useText } from '~/i18n/language';
import { preload, usePage } from '~/relay/usePage';
import { later } from '~/routing/later';
import { places } from '~/routing/places';
import { sessionEnded } from '~/session/ended';
import { useViewer } from '~/session/viewer';
import { Empty } from '~/shell/Empty';
import { Page } from '~/shell/Page';
import { Waiting } from '~/shell/Waiting';
import { Feed } from '~/timeline/Feed';
import { FreshPill } from '~/timeline/FreshPill';
import { useFeed, waitingOf } from '~/timeline/useFeed';
import { usePages } from '~/timeline/usePages';
import { useShowFresh } from '~/timeline/useShowFresh';
import { GoOn } from './GoOn';
import styles from './HomePage.module.css';
import { useHomePlace } from './useHomePlace';

const Front = later(() => import('~/session/Front'));
const Picked = later(() => import('~/picked/Picked'));
const FeedTab = later(() => import('~/feeds/FeedTab'));
const Painters = later(() => import('./Painters'));

const QUERY = graphql`
  query HomePageQuery {
    viewer {
      homePlace {
        cursor
      }
      viewing {
        forYou
      }
      pinnedFeeds {
        id
        name
      }
      ...HomePage_viewer
    }
  }
`;

const FRESH = graphql`
  query HomePageFreshQuery($first: Int!) {
    viewer {
      homeTimeline(first: $first) {
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
`;

const LIVE = graphql`
  subscription HomePageSubscription($after: String) {
    homeTimeline(after: $after) {
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
      ... on AuthorRemoved {
        userId
      }
      ... on Reset {
        reason
      }
    }
  }
`;

export const loader = () => preload<HomePageQuery>(QUERY, {}, true);

/** Home: what those one follows post, newest first, live. Who is nobody yet sees the front page. */
export function Component() {
  const { viewer } = usePage<HomePageQuery>(QUERY, useLoaderData<PreloadedQuery<HomePageQuery>>());
  const known = useViewer();
  const over = !viewer && known !== null;
  useEffect(() => {
    if (over) sessionEnded();
  }, [over]);
  if (!viewer)
    return (
      <Suspense fallback={<Waiting />}>
        <Front />
      </Suspense>
    );
  return (
    <Home viewer={viewer} place={viewer.homePlace?.cursor} forYou={viewer.viewing.forYou} feeds={viewer.pinnedFeeds} />
  );
}

type Props = {
  viewer: HomePage_viewer$key;
  place: string | undefined;
  forYou: string;
  feeds: readonly { readonly id: string; readonly name: string }[];
};

function Home({ viewer, place, forYou, feeds }: Props) {
  const text = useText();
  const [search, setSearch] = useSearchParams();
  const [turn, setTurn] = useState(0);
  const wanted = search.get('tab') ?? (forYou === 'FIRST' ? 'picked' : 'following');
  const feed = feeds.find(({ id }) => id === wanted);
  const picks = forYou !== 'OFF' && wanted === 'picked';
  const shown = feed?.id ?? (picks ? 'picked' : 'following');
  const turnTo = (tab: string) => {
    if (tab !== 'following' && tab === shown) startTransition(() => setTurn(turn + 1));
    else setSearch({ tab }, { replace: true, preventScrollReset: true });
  };
  const { data, ...pagination } = usePaginationFragment<HomePageMoreQuery, HomePage_viewer$key>(
    graphql`
      fragment HomePage_viewer on Viewer
      @refetchable(queryName: "HomePageMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
        homeTimeline(first: $first, after: $after) @connection(key: "HomePage_homeTimeline") {
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
        }
      }
    `,
    viewer,
  );
  const timeline = data.homeTimeline;
  const pages = usePages(pagination);
  const { goOn, busy } = useHomePlace(place, pagination);
  const bringIn = useFeed({
    place: 'home',
    field: 'homeTimeline',
    subscription: LIVE,
    connectionId: timeline?.__id ?? null,
    length: timeline?.edges.length ?? 0,
    liveCursor: timeline?.liveCursor,
    fresh: {
      query: FRESH,
      find: (store, first) => store.getRoot().getLinkedRecord('viewer')?.getLinkedRecord('homeTimeline', { first }),
    },
  });
  const show = useShowFresh(bringIn);
  const waiting = waitingOf(timeline).flatMap(({ node, repostedBy }) => (node ? [repostedBy ?? node.author] : []));
  const tabs = (forYou !== 'OFF' || feeds.length > 0) && (
    <Segments
      label={text.picked.tabs}
      value={shown}
      onChange={turnTo}
      options={[
        ...(forYou === 'OFF' ? [] : [{ value: 'picked', label: text.picked.forYou }]),
        { value: 'following', label: text.picked.following },
        ...feeds.map(({ id, name }) => ({ value: id, label: name })),
      ]}
    />
  );
  return (
    <Page title={text.places.home} tools={feeds.length ? undefined : tabs}>
      {feeds.length > 0 && <div className={styles.tabs}>{tabs}</div>}
      <ComposeInline />
      {feed ? (
        <Suspense fallback={<Waiting />}>
          <FeedTab key={feed.id} id={feed.id} turn={turn} />
        </Suspense>
      ) : picks ? (
        <Suspense fallback={<Waiting />}>
          <Picked turn={turn} />
        </Suspense>
      ) : (
        <>
          {goOn && <GoOn onGo={goOn} busy={busy} />}
          <FreshPill people={waiting} count={waiting.length} onShow={show} />
          <Feed
            label={text.places.home}
            edges={timeline?.edges ?? []}
            {...pages}
            empty={
              <Empty title={text.home.empty} text={text.home.emptyText}>
                <Link to={places.explore} className={buttonClass()}>
                  {text.home.toExplore}
                </Link>
                <Suspense>
                  <Painters />
                </Suspense>
              </Empty>
            }
          />
        </>
      )}
    </Page>
  );
}
