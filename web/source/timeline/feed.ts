import type { RecordProxy, RecordSourceProxy } from 'relay-runtime';
import { ConnectionHandler } from 'relay-runtime';

/**
 * What live events do to a list of posts. The list is what is read; `pending` is what arrived meanwhile and waits to be asked for, so
 * that nothing moves under the reader.
 */

const EDGES = 'edges';
const PENDING = 'pending';

const list = (connection: RecordProxy, name: string): RecordProxy[] =>
  (connection.getLinkedRecords(name) ?? []).filter((edge) => edge !== null && edge !== undefined);

const postOf = (edge: RecordProxy): unknown => edge.getLinkedRecord('node')?.getDataID();

/** A place in a list: the post and who brought it there. A post that is reposted much later stands there again. */
const placeOf = (edge: RecordProxy): string =>
  `${postOf(edge) ?? ''} ${edge.getLinkedRecord('repostedBy')?.getDataID() ?? ''}`;

/** Lists begin with the newest at the top; replies end with it, at the foot. */
export type End = 'top' | 'foot';

const join = (end: End, older: RecordProxy[], newer: RecordProxy[]) =>
  end === 'top' ? [...newer, ...older] : [...older, ...newer];

/** A post came. It waits, unless `atOnce` (one's own); one that is there already stays where it is. */
export function arrive(
  store: RecordSourceProxy,
  connection: RecordProxy,
  edge: RecordProxy,
  atOnce = false,
  end: End = 'top',
): void {
  const place = placeOf(edge);
  const shown = list(connection, EDGES);
  const waiting = list(connection, PENDING);
  if (!postOf(edge) || shown.some((other) => placeOf(other) === place)) return;
  // What is not fetched yet lies between the foot and what comes: it comes with the rest.
  if (end === 'foot' && connection.getLinkedRecord('pageInfo')?.getValue('hasNextPage')) return;
  const others = waiting.filter((other) => placeOf(other) !== place);
  const kept = ConnectionHandler.buildConnectionEdge(store, connection, edge);
  if (!kept) return;
  if (atOnce) {
    connection.setLinkedRecords(join(end, shown, [kept]), EDGES);
    if (others.length !== waiting.length) connection.setLinkedRecords(others, PENDING);
  } else connection.setLinkedRecords(join(end, others, [kept]), PENDING);
}

/** Put what waits where it belongs. */
export function bringIn(connection: RecordProxy, end: End = 'top'): void {
  const waiting = list(connection, PENDING);
  const places = new Set(waiting.map(placeOf));
  const shown = list(connection, EDGES).filter((edge) => !places.has(placeOf(edge)));
  connection.setLinkedRecords(join(end, shown, waiting), EDGES);
  connection.setLinkedRecords([], PENDING);
}

/** A post is no longer in this list. */
export function forgetPost(connection: RecordProxy, postId: string): void {
  drop(connection, (edge) => postOf(edge) === postId);
}

/** Everything that a person wrote or brought is no longer in this list. */
export function forgetAuthor(connection: RecordProxy, userId: string): void {
  const is = (person: RecordProxy | null | undefined) => person?.getDataID() === userId;
  drop(
    connection,
    (edge) => is(edge.getLinkedRecord('node')?.getLinkedRecord('author')) || is(edge.getLinkedRecord('repostedBy')),
  );
}

function drop(connection: RecordProxy, gone: (edge: RecordProxy) => boolean): void {
  for (const name of [EDGES, PENDING]) {
    const before = list(connection, name);
    const after = before.filter((edge) => !gone(edge));
    if (after.length !== before.length) connection.setLinkedRecords(after, name);
  }
}

/**
 * The list was fetched anew (`fresh`, its first page). What is older than the newest post that was shown takes the place of what was
 * shown; what is newer waits. Where the two have nothing in common all of it is replaced: there is a gap that cannot be closed.
 * Returns whether what was read is still there.
 */
export function renew(store: RecordSourceProxy, connection: RecordProxy, fresh: RecordProxy): boolean {
  const shown = list(connection, EDGES);
  const places = new Set(shown.map(placeOf));
  const edges = list(fresh, EDGES);
  const kept = edges.flatMap((edge) => ConnectionHandler.buildConnectionEdge(store, connection, edge) ?? []);
  const first = kept.findIndex((edge) => places.has(placeOf(edge)));
  const overlap = first >= 0;
  const below = overlap ? kept.slice(first) : kept;
  const last = kept.at(-1);
  const end = last ? shown.findIndex((edge) => placeOf(edge) === placeOf(last)) : -1;
  const older = overlap && end >= 0 ? shown.slice(end + 1) : [];
  connection.setLinkedRecords([...below, ...older], EDGES);
  connection.setLinkedRecords(overlap ? kept.slice(0, first) : [], PENDING);
  const page = fresh.getLinkedRecord('pageInfo');
  const known = connection.getLinkedRecord('pageInfo');
  if (!older.length && page && known) known.copyFieldsFrom(page);
  return overlap || shown.length === 0;
}

/** The same for a list that ends with the newest: what comes behind the last that was shown waits. */
export function renewFoot(store: RecordSourceProxy, connection: RecordProxy, fresh: RecordProxy): void {
  const places = new Set(list(connection, EDGES).map(placeOf));
  const kept = list(fresh, EDGES).flatMap(
    (edge) => ConnectionHandler.buildConnectionEdge(store, connection, edge) ?? [],
  );
  const last = kept.findLastIndex((edge) => places.has(placeOf(edge)));
  const behind = places.size ? kept.slice(last + 1) : [];
  connection.setLinkedRecords(kept.slice(0, kept.length - behind.length), EDGES);
  connection.setLinkedRecords(behind, PENDING);
  const page = fresh.getLinkedRecord('pageInfo');
  if (page) connection.getLinkedRecord('pageInfo')?.copyFieldsFrom(page);
}
