import { useEffect, useEffectEvent } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import {
  type GraphQLTaggedNode,
  type OperationType,
  type RecordSourceSelectorProxy,
  requestSubscription,
} from 'relay-runtime';
import { doubts } from './connection';
import { cursorOf } from './socket';

/**
 * Where each stream is, and the `liveCursor` it began with. A page that is come back to goes on from where its stream was left; one that
 * was fetched anew meanwhile begins with its own.
 */
const places = new Map<string, { cursor: string; page: string | undefined }>();

function begin(place: string, page: string | undefined): string | undefined {
  const known = places.get(place);
  if (known && (page === undefined || page === known.page)) return known.cursor;
  if (page) places.set(place, { cursor: page, page });
  return page;
}

type Live<S extends OperationType> = {
  /** The stream's name in this page: two streams of one name share a place. */
  place: string;
  /** All variables but `after`; null follows nothing. */
  variables: Omit<S['variables'], 'after'> | null;
  /** Where to begin when the stream was not followed before: the `liveCursor` of the page that was fetched. */
  after: string | undefined;
  /** Change the store. Runs before `onEvent`. */
  updater?: (store: RecordSourceSelectorProxy, data: S['response']) => void;
  onEvent?: (data: S['response']) => void;
};

/** Follow a subscription while the component is shown, from its last event on, through breaks, sleep and restarts. */
export function useLive<S extends OperationType>(subscription: GraphQLTaggedNode, live: Live<S>): void {
  const environment = useRelayEnvironment();
  const key = live.variables && JSON.stringify(live.variables);
  const { place } = live;
  const updater = useEffectEvent((store: RecordSourceSelectorProxy, data: S['response']) =>
    live.updater?.(store, data),
  );
  const onEvent = useEffectEvent((data: S['response']) => live.onEvent?.(data));
  const start = useEffectEvent(() => begin(place, live.after));
  useEffect(() => {
    if (key === null) return;
    const { dispose } = requestSubscription<S>(environment, {
      subscription,
      variables: { ...JSON.parse(key), after: start() },
      updater: (store, data) => {
        if (data) updater(store as RecordSourceSelectorProxy, data);
      },
      onNext: (data) => {
        const cursor = cursorOf(data);
        if (cursor) hear(place, cursor);
        if (data) onEvent(data);
      },
      onError: () => doubts.update((now) => now + 1),
    });
    return dispose;
  }, [environment, subscription, key, place]);
}

/** The place in the log up to which a stream was heard. */
export function heardOf(place: string): string | undefined {
  return places.get(place)?.cursor;
}

/** The stream goes on from here: the page was fetched anew. */
export function hear(place: string, cursor: string): void {
  places.set(place, { cursor, page: places.get(place)?.page });
}
