import {
  commitLocalUpdate,
  Environment,
  Network,
  type RecordProxy,
  RecordSource,
  type RecordSourceProxy,
  Store,
} from 'relay-runtime';
import { beforeEach, expect, test } from 'vitest';
import { arrive, bringIn, forgetAuthor, forgetPost, renew, renewFoot } from './feed';

let environment: Environment;
let next = 0;

beforeEach(() => {
  environment = new Environment({
    network: Network.create(() => Promise.reject(new Error('nothing is asked for'))),
    store: new Store(new RecordSource()),
  });
});

function edge(store: RecordSourceProxy, post: string, author = 'ada'): RecordProxy {
  const made = store.create(`edge:${next++}`, 'TimelineEdge');
  const node = store.get(post) ?? store.create(post, 'Post');
  node.setLinkedRecord(store.get(author) ?? store.create(author, 'User'), 'author');
  made.setLinkedRecord(node, 'node');
  return made;
}

function timeline(store: RecordSourceProxy, id: string, posts: string[], endCursor: string): RecordProxy {
  const made = store.create(id, 'TimelineConnection');
  made.setLinkedRecords(
    posts.map((post) => edge(store, post)),
    'edges',
  );
  const page = store.create(`${id}:page`, 'PageInfo');
  page.setValue(endCursor, 'endCursor');
  made.setLinkedRecord(page, 'pageInfo');
  made.setValue(0, '__connection_next_edge_index'); // as the handler of @connection begins
  return made;
}

function run<T>(change: (store: RecordSourceProxy, connection: RecordProxy) => T): T {
  let result: T | undefined;
  commitLocalUpdate(environment, (store) => {
    result = change(store, store.get('feed') ?? timeline(store, 'feed', ['c', 'b', 'a'], 'end of a'));
  });
  return result as T;
}

const posts = (name: 'edges' | 'pending') =>
  run((_, connection) =>
    (connection.getLinkedRecords(name) ?? []).map((one) => one?.getLinkedRecord('node')?.getDataID()),
  );

test('what arrives waits, newest first, and is brought in at the top', () => {
  run((store, connection) => {
    arrive(store, connection, edge(store, 'd'));
    arrive(store, connection, edge(store, 'e'));
  });
  expect(posts('edges')).toEqual(['c', 'b', 'a']);
  expect(posts('pending')).toEqual(['e', 'd']);
  run((_, connection) => bringIn(connection));
  expect(posts('edges')).toEqual(['e', 'd', 'c', 'b', 'a']);
  expect(posts('pending')).toEqual([]);
});

test('an event may repeat what the page has, and nothing stands twice', () => {
  run((store, connection) => {
    arrive(store, connection, edge(store, 'b'));
    arrive(store, connection, edge(store, 'd'));
    arrive(store, connection, edge(store, 'd'));
  });
  expect(posts('pending')).toEqual(['d']);
});

test('a post that somebody reposts much later stands there again, where it was and where it came up', () => {
  run((store, connection) => {
    const brought = edge(store, 'b');
    brought.setLinkedRecord(store.create('bob', 'User'), 'repostedBy');
    arrive(store, connection, brought);
    bringIn(connection);
  });
  expect(posts('edges')).toEqual(['b', 'c', 'b', 'a']);
  run((_, connection) => forgetPost(connection, 'b'));
  expect(posts('edges')).toEqual(['c', 'a']);
});

test('one’s own post is there at once, also when the event was quicker than the answer', () => {
  run((store, connection) => {
    arrive(store, connection, edge(store, 'd'));
    arrive(store, connection, edge(store, 'd'), true);
  });
  expect(posts('edges')).toEqual(['d', 'c', 'b', 'a']);
  expect(posts('pending')).toEqual([]);
});

test('what goes, goes from both', () => {
  run((store, connection) => {
    arrive(store, connection, edge(store, 'd', 'bo'));
    arrive(store, connection, edge(store, 'e'));
    forgetPost(connection, 'b');
    forgetPost(connection, 'e');
  });
  expect(posts('edges')).toEqual(['c', 'a']);
  expect(posts('pending')).toEqual(['d']);
  run((_, connection) => forgetAuthor(connection, 'bo'));
  expect(posts('pending')).toEqual([]);
});

test('fetched anew: what is newer waits, what is gone goes, what is older stays', () => {
  const stayed = run((store, connection) =>
    renew(store, connection, timeline(store, 'fresh', ['e', 'd', 'c', 'b2'], 'end of b2')),
  );
  expect(stayed).toBe(true);
  expect(posts('edges')).toEqual(['c', 'b2']);
  expect(posts('pending')).toEqual(['e', 'd']);
  run((store, connection) => renew(store, connection, timeline(store, 'fresher', ['e', 'd', 'c'], 'end of c')));
  expect(posts('edges')).toEqual(['c', 'b2']);
});

test('fetched anew with nothing in common: all of it is replaced, with where to go on', () => {
  const stayed = run((store, connection) => renew(store, connection, timeline(store, 'fresh', ['z', 'y'], 'end of y')));
  expect(stayed).toBe(false);
  expect(posts('edges')).toEqual(['z', 'y']);
  expect(run((_, connection) => connection.getLinkedRecord('pageInfo')?.getValue('endCursor'))).toBe('end of y');
});

test('replies end with the newest: what comes waits at the foot, and not while there is more to fetch', () => {
  run((store, connection) => {
    arrive(store, connection, edge(store, 'd'), false, 'foot');
    arrive(store, connection, edge(store, 'e'), false, 'foot');
  });
  expect(posts('pending')).toEqual(['d', 'e']);
  run((_, connection) => bringIn(connection, 'foot'));
  expect(posts('edges')).toEqual(['c', 'b', 'a', 'd', 'e']);
  run((store, connection) => {
    connection.getLinkedRecord('pageInfo')?.setValue(true, 'hasNextPage');
    arrive(store, connection, edge(store, 'f'), false, 'foot');
  });
  expect(posts('pending')).toEqual([]);
});

test('replies fetched anew: what is behind the last that was shown waits', () => {
  run((store, connection) => renewFoot(store, connection, timeline(store, 'fresh', ['c', 'a', 'd'], 'end of d')));
  expect(posts('edges')).toEqual(['c', 'a']);
  expect(posts('pending')).toEqual(['d']);
});
