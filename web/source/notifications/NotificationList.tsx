import { startTransition, useEffect, useEffectEvent, useRef, useState } from 'react';
import { fetchQuery, graphql, usePaginationFragment, useRelayEnvironment } from 'react-relay/hooks';
import { ConnectionHandler, commitLocalUpdate } from 'relay-runtime';
import type { NotificationList_viewer$key } from '~/__generated__/NotificationList_viewer.graphql';
import type { NotificationListLinesQuery } from '~/__generated__/NotificationListLinesQuery.graphql';
import type { NotificationListMoreQuery } from '~/__generated__/NotificationListMoreQuery.graphql';
import type { NotificationListReadMutation } from '~/__generated__/NotificationListReadMutation.graphql';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { Empty } from '~/shell/Empty';
import { FreshPill } from '~/timeline/FreshPill';
import { More } from '~/timeline/More';
import { useKeptPlace } from '~/timeline/useKeptPlace';
import { usePages } from '~/timeline/usePages';
import { NotificationLine } from './NotificationLine';
import { news, unread } from './news';

const LINES = graphql`
  query NotificationListLinesQuery($ids: [ID!]!) {
    nodes(ids: $ids) {
      __typename
      id
      ... on Notification {
        kind
        actors {
          id
          handle
          displayName
          avatar {
            url(size: SMALL)
          }
        }
        ...NotificationLine_notification
      }
    }
  }
`;

const GATHER_MILLISECONDS = 250;

type Fresh = {
  id: string;
  people: readonly {
    id: string;
    handle: string;
    displayName: string;
    avatar?: { readonly url?: string | null } | null;
  }[];
};

/**
 * What one is told of, one line under another. A line that is shown follows what happens to it where it stands; what is new, or would rise,
 * waits under the pill until it is asked for, so that nothing moves.
 */
export function NotificationList({
  viewer,
  kinds,
  marks,
}: {
  viewer: NotificationList_viewer$key;
  kinds: readonly string[];
  marks: boolean;
}) {
  const text = useText();
  const environment = useRelayEnvironment();
  const { data, refetch, ...pagination } = usePaginationFragment<
    NotificationListMoreQuery,
    NotificationList_viewer$key
  >(
    graphql`
      fragment NotificationList_viewer on Viewer
      @refetchable(queryName: "NotificationListMoreQuery")
      @argumentDefinitions(
        first: { type: "Int", defaultValue: 20 }
        after: { type: "String" }
        kinds: { type: "[NotificationKind!]", defaultValue: [] }
      ) {
        notifications(first: $first, after: $after, kinds: $kinds)
          @connection(key: "NotificationList_notifications", filters: ["kinds"]) {
          __id
          edges {
            cursor
            node {
              id
              ...NotificationLine_notification
            }
          }
        }
      }
    `,
    viewer,
  );
  const [read] = useAction<NotificationListReadMutation>(graphql`
    mutation NotificationListReadMutation($input: MarkNotificationsReadInput!) {
      markNotificationsRead(input: $input) {
        viewer {
          unreadNotificationCount
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [fresh, setFresh] = useState<readonly Fresh[]>([]);
  const gathered = useRef(new Set<string>());
  const list = data.notifications;
  const edges = (list?.edges ?? []).filter(({ node }) => node);
  const newest = edges[0]?.cursor;
  const pages = usePages(pagination);
  useKeptPlace();

  const markRead = useEffectEvent(() => {
    if (!marks || !newest || document.hidden) return;
    unread.set(0);
    read({
      input: { until: newest },
      onDone: (answer) => unread.set(answer.markNotificationsRead.viewer?.unreadNotificationCount ?? 0),
    });
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is newest is read when it changes
  useEffect(() => {
    markRead();
    const seen = () => unread.get() > 0 && !fresh.length && markRead();
    document.addEventListener('visibilitychange', seen);
    return () => document.removeEventListener('visibilitychange', seen);
  }, [newest]);

  const anew = () => {
    setFresh([]);
    startTransition(() => void refetch({ kinds: [...kinds] as never }, { fetchPolicy: 'network-only' }));
  };
  const show = () => {
    anew();
    scrollTo({ top: 0, behavior: 'instant' });
  };
  const fetchLines = useEffectEvent(() => {
    const ids = [...gathered.current];
    gathered.current.clear();
    if (!ids.length) return;
    fetchQuery<NotificationListLinesQuery>(
      environment,
      LINES,
      { ids: ids.slice(0, 100) },
      { fetchPolicy: 'network-only' },
    ).subscribe({
      next: ({ nodes }) => {
        const top = edges[0]?.node.id;
        const found = nodes.flatMap((node) =>
          node?.__typename === 'Notification' &&
          node.id !== top &&
          (!kinds.length || kinds.includes(node.kind as string))
            ? [{ id: node.id, people: node.actors ?? [] }]
            : [],
        );
        setFresh((now) => [...found, ...now.filter(({ id }) => !found.some((one) => one.id === id))]);
      },
      error: () => undefined, // the next load brings it
    });
  });
  const hear = useEffectEvent(() => {
    const now = news.get();
    if (!now) return;
    if ('anew' in now) return anew();
    if (now.gone) {
      gathered.current.delete(now.id);
      setFresh((known) => known.filter(({ id }) => id !== now.id));
      commitLocalUpdate(environment, (store) => {
        const connection = list && store.get(list.__id);
        if (connection) ConnectionHandler.deleteNode(connection, now.id);
      });
      return;
    }
    if (!gathered.current.size) setTimeout(fetchLines, GATHER_MILLISECONDS);
    gathered.current.add(now.id);
  });
  useEffect(() => news.subscribe(() => hear()), []);

  return (
    <>
      <FreshPill
        people={fresh.flatMap(({ people }) => people.slice(0, 1))}
        count={fresh.length}
        onShow={show}
        words={text.bell}
      />
      {edges.length || pagination.hasNext ? (
        <>
          <ul aria-label={text.places.notifications}>
            {edges.map(({ node }) => (
              <NotificationLine key={node.id} notification={node} />
            ))}
          </ul>
          <More {...pages} end={text.bell.end} />
        </>
      ) : (
        <Empty title={text.bell.none} text={text.bell.noneText} />
      )}
    </>
  );
}
