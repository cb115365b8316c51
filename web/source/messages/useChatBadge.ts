import { useEffect, useRef } from 'react';
import { fetchQuery, graphql, useRelayEnvironment } from 'react-relay/hooks';
import type { useChatBadgeQuery } from '~/__generated__/useChatBadgeQuery.graphql';
import type { useChatBadgeSubscription } from '~/__generated__/useChatBadgeSubscription.graphql';
import { useLive } from '~/relay/useLive';
import { useViewer } from '~/session/viewer';
import { createStore } from '~/state/store';

const PAUSE_MILLISECONDS = 150;

/** In how many chats something waits, and how many ask. */
export const badge = createStore<{ unread: number; requests: number }>({ unread: 0, requests: 0 });

const QUERY = graphql`
  query useChatBadgeQuery {
    viewer {
      unreadChatCount
      chatRequestCount
    }
  }
`;

/** Keeps the count beside the way to the messages: asked once it is listened, and again a moment after something happened in a chat. */
export function useChatBadge(): void {
  const environment = useRelayEnvironment();
  const viewer = useViewer();
  const begun = useRef(false);
  useLive<useChatBadgeSubscription>(
    graphql`
      subscription useChatBadgeSubscription($after: String) {
        chats(after: $after) {
          __typename
          cursor
        }
      }
    `,
    {
      place: 'chat badge',
      variables: viewer ? {} : null,
      after: undefined,
      onEvent: ({ chats: event }) => {
        const quiet = event.__typename === 'MemberRead' || (event.__typename === 'LiveHeartbeat' && begun.current);
        begun.current = true; // the first heartbeat says from where it listens: what is counted then misses nothing
        if (!quiet) wanted.update((now) => now + 1);
      },
    },
  );
  const signedIn = viewer !== null;
  useEffect(() => {
    if (!signedIn) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = () => {
      timer = undefined;
      fetchQuery<useChatBadgeQuery>(environment, QUERY, {}, { fetchPolicy: 'network-only' }).subscribe({
        next: ({ viewer: found }) =>
          badge.set({ unread: found?.unreadChatCount ?? 0, requests: found?.chatRequestCount ?? 0 }),
        error: () => undefined, // the next event asks again
      });
    };
    const end = wanted.subscribe(() => {
      timer ??= setTimeout(ask, PAUSE_MILLISECONDS);
    });
    return () => {
      end();
      clearTimeout(timer);
    };
  }, [environment, signedIn]);
}

const wanted = createStore(0);
