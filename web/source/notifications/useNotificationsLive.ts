import { useRef } from 'react';
import { fetchQuery, graphql, useRelayEnvironment } from 'react-relay/hooks';
import type { useNotificationsLiveQuery } from '~/__generated__/useNotificationsLiveQuery.graphql';
import type { useNotificationsLiveSubscription } from '~/__generated__/useNotificationsLiveSubscription.graphql';
import { useLive } from '~/relay/useLive';
import { useViewer } from '~/session/viewer';
import { fetchAnew, news, unread, waiting } from './news';

const COUNTS = graphql`
  query useNotificationsLiveQuery {
    viewer {
      unreadNotificationCount
      notificationRequestCount
    }
  }
`;

const LIVE = graphql`
  subscription useNotificationsLiveSubscription($after: String) {
    notifications(after: $after) {
      __typename
      cursor
      ... on NotificationChanged {
        unreadNotificationCount
        edge {
          node {
            id
          }
        }
      }
      ... on NotificationRemoved {
        unreadNotificationCount
        notificationId
      }
      ... on NotificationsRead {
        unreadNotificationCount
      }
      ... on NotificationRequestsChanged {
        notificationRequestCount
      }
    }
  }
`;

/** What one is told of, on every page: the counts, and to lists that are open what moved. Only ids travel; lists fetch what they show. */
export function useNotificationsLive(): void {
  const environment = useRelayEnvironment();
  const viewer = useViewer();
  const begun = useRef(false);
  const count = () =>
    fetchQuery<useNotificationsLiveQuery>(environment, COUNTS, {}, { fetchPolicy: 'network-only' }).subscribe({
      next: (answer) => {
        unread.set(answer.viewer?.unreadNotificationCount ?? 0);
        waiting.set(answer.viewer?.notificationRequestCount ?? 0);
      },
      error: () => undefined, // the line is down: the stream's next heartbeat asks again
    });
  useLive<useNotificationsLiveSubscription>(LIVE, {
    place: `notifications of ${viewer?.id}`,
    variables: viewer ? {} : null,
    after: undefined,
    onEvent: ({ notifications: event }) => {
      if (event.unreadNotificationCount !== undefined) unread.set(event.unreadNotificationCount);
      if (event.__typename === 'NotificationChanged' && event.edge) news.set({ id: event.edge.node.id, gone: false });
      else if (event.__typename === 'NotificationRemoved' && event.notificationId)
        news.set({ id: event.notificationId, gone: true });
      else if (event.__typename === 'NotificationRequestsChanged') waiting.set(event.notificationRequestCount ?? 0);
      else if (event.__typename === 'Reset') {
        count();
        fetchAnew();
      } else if (event.__typename === 'LiveHeartbeat' && !begun.current) {
        begun.current = true; // it listens from here on: what is counted now misses nothing
        count();
      }
    },
  });
}
