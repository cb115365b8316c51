import { useCallback, useMemo } from 'react';
import { graphql, useFragment, usePaginationFragment } from 'react-relay/hooks';
import type { FeedPosts_feed$key } from '~/__generated__/FeedPosts_feed.graphql';
import type { FeedPostsMoreQuery } from '~/__generated__/FeedPostsMoreQuery.graphql';
import type { told_rules$key } from '~/__generated__/told_rules.graphql';
import { type Reason, Reasons } from '~/picked/reasons';
import { Empty } from '~/shell/Empty';
import { Feed } from '~/timeline/Feed';
import { FreshPill } from '~/timeline/FreshPill';
import { useFeed, waitingOf } from '~/timeline/useFeed';
import { usePages } from '~/timeline/usePages';
import { useShowFresh } from '~/timeline/useShowFresh';
import type { Draft } from './draft';
import { draftOf, RULES } from './told';
import { feedWords } from './words';

const FRESH = graphql`
  query FeedPostsFreshQuery($id: ID!, $first: Int!) {
    node(id: $id) {
      ... on CustomFeed {
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
  subscription FeedPostsSubscription($id: ID!, $after: String) {
    customFeedTimeline(id: $id, after: $after) {
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

/** How the posts of a feed say why they are there: by which of its sources, and what counted most. */
export function useReasons(draft: Draft): (reason: Reason) => string | undefined {
  const text = feedWords.useText();
  return useCallback(
    ({ kind, sourceIndex, signals, hashtag }: Reason) => {
      const source = typeof sourceIndex === 'number' ? draft.sources[sourceIndex] : undefined;
      const what = hashtag?.name ?? (source?.text || source?.things[0]?.name) ?? '';
      const why = text.why[kind]?.(what);
      if (!why || !signals.length) return why;
      return text.counted(why, signals.map((signal) => text.signals[signal] ?? signal).join(', '));
    },
    [text, draft],
  );
}

/** What stands in a feed: live where it is newest first, in an order that stays where it is ranked. */
export function FeedPosts({ feed }: { feed: FeedPosts_feed$key }) {
  const text = feedWords.useText();
  const { data, ...pagination } = usePaginationFragment<FeedPostsMoreQuery, FeedPosts_feed$key>(
    graphql`
      fragment FeedPosts_feed on CustomFeed
      @refetchable(queryName: "FeedPostsMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
        id
        rules {
          order
          ...told_rules
        }
        timeline(first: $first, after: $after) @connection(key: "FeedPosts_timeline") {
          __id
          liveCursor
          pending {
            repostedBy {
              id
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
    feed,
  );
  const pages = usePages(pagination);
  const { id, timeline, rules } = data;
  const told = useFragment<told_rules$key>(RULES, rules);
  const reasons = useReasons(useMemo(() => draftOf(told), [told]));
  const bringIn = useFeed({
    place: `feed ${id}`,
    field: 'customFeedTimeline',
    subscription: LIVE,
    variables: { id },
    connectionId: rules.order === 'NEWEST' ? (timeline?.__id ?? null) : null,
    length: timeline?.edges.length ?? 0,
    liveCursor: timeline?.liveCursor,
    fresh: {
      query: FRESH,
      variables: { id },
      find: (store, first) => store.get(id)?.getLinkedRecord('timeline', { first }),
    },
  });
  const show = useShowFresh(bringIn);
  const waiting = waitingOf(timeline).flatMap(({ node }) => (node ? [node.author] : []));
  return (
    <Reasons value={reasons}>
      <FreshPill people={waiting} count={waiting.length} onShow={show} />
      <Feed
        label={text.posts}
        edges={timeline?.edges ?? []}
        {...pages}
        empty={<Empty title={text.empty} text={text.emptyText} />}
      />
    </Reasons>
  );
}
