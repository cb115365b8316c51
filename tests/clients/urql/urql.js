// @urql/core with its normalised cache; every request of urql also offers to take text/event-stream and multipart/mixed.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Client, fetchExchange, gql, subscriptionExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import { createClient } from 'graphql-ws';

const URL = `${process.env.FRESQUE_URL}/graphql`;
const authorization = `Bearer ${process.env.ADA_TOKEN}`;
const UNKEYED = ['Viewer', 'TimelineConnection', 'TimelineEdge', 'PageInfo', 'UserError', 'PostPublished', 'LiveHeartbeat'];
const HOME = gql`
  query Home($first: Int!, $after: String) {
    viewer {
      user { id handle }
      homeTimeline(first: $first, after: $after) {
        edges { cursor node { id version text likeCount viewerHasLiked } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`;
const CREATE = gql`
  mutation Create($text: String!) {
    createPost(input: { text: $text }) { post { id version text likeCount viewerHasLiked } userErrors { code } }
  }
`;
const LIKE = gql`
  mutation Like($id: ID!) { likePost(input: { postId: $id }) { post { id version likeCount viewerHasLiked } userErrors { code } } }
`;
const HOME_LIVE = gql`
  subscription HomeLive($after: String) {
    homeTimeline(after: $after) { __typename cursor ... on PostPublished { edge { cursor node { id text } } } }
  }
`;

const socket = createClient({ url: URL.replace('http', 'ws'), connectionParams: { authorization } });
const forward = subscriptionExchange({
  forwardSubscription: ({ query, variables }) => ({
    subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query: query ?? '', variables }, sink) }),
  }),
});
const introspected = await fetch(`${process.env.FRESQUE_URL}/schema.json`);
const complaints = [];
const cache = cacheExchange({
  schema: (await introspected.json()).data,
  keys: Object.fromEntries(UNKEYED.map((name) => [name, () => null])),
  resolvers: { Viewer: { homeTimeline: relayPagination() } },
  logger: (severity, message) => severity !== 'debug' && complaints.push(message),
});
const options = { url: URL, fetchOptions: { headers: { authorization } }, preferGetMethod: false };
const client = new Client({ ...options, exchanges: [cache, fetchExchange, forward] });

async function write(text) {
  const { data, error } = await client.mutation(CREATE, { text });
  assert.equal(error, undefined);
  return data.createPost.post;
}

test('a query and the next page are one list in the cache', async () => {
  for (const text of ['a', 'b', 'c']) await write(text);
  const first = await client.query(HOME, { first: 2 });
  assert.equal(first.error, undefined);
  assert.deepEqual(first.data.viewer.homeTimeline.edges.map((edge) => edge.node.text), ['c', 'b']);
  const after = first.data.viewer.homeTimeline.pageInfo.endCursor;
  const both = await client.query(HOME, { first: 2, after });
  assert.equal(both.error, undefined);
  assert.deepEqual(both.data.viewer.homeTimeline.edges.slice(0, 3).map((edge) => edge.node.text), ['c', 'b', 'a']);
});

test('a query by GET', async () => {
  const { data, error } = await client.query(HOME, { first: 1 }, { preferGetMethod: 'force', requestPolicy: 'network-only' });
  assert.equal(error, undefined);
  assert.equal(data.viewer.user.handle, process.env.ADA_HANDLE);
});

test('a mutation updates the post wherever it is shown, by its id', async () => {
  const post = await write('To like');
  const variables = { first: 5 };
  await client.query(HOME, variables, { requestPolicy: 'network-only' });
  const { error } = await client.mutation(LIKE, { id: post.id });
  assert.equal(error, undefined);
  const { data } = await client.query(HOME, variables, { requestPolicy: 'cache-only' });
  const shown = data.viewer.homeTimeline.edges.find((edge) => edge.node.id === post.id);
  assert.equal(shown.node.viewerHasLiked, true);
});

test('errors come with their codes', async () => {
  const plain = new Client({ ...options, exchanges: [fetchExchange] });
  const { error } = await plain.query('{ nothingOfThisName }', {});
  assert.equal(error.graphQLErrors[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED');
});

test('a subscription over the socket', async () => {
  const events = [];
  let arrived = () => {};
  const feed = client.subscription(HOME_LIVE, {}).subscribe(({ data, error }) => {
    events.push(error ?? data.homeTimeline);
    arrived();
  });
  const until = async (found) => {
    while (!events.some(found)) await new Promise((resolve) => (arrived = resolve));
  };
  await until((event) => event.__typename === 'LiveHeartbeat');
  await write('Live');
  await until((event) => event.__typename === 'PostPublished' && event.edge.node.text === 'Live');
  feed.unsubscribe();
});

test('a subscription without a socket comes as server-sent events', async () => {
  const plain = new Client({ ...options, exchanges: [fetchExchange], fetchSubscriptions: true });
  const events = [];
  let arrived = () => {};
  const feed = plain.subscription(HOME_LIVE, {}).subscribe(({ data, error }) => {
    events.push(error ?? data.homeTimeline);
    arrived();
  });
  while (events.length === 0) await new Promise((resolve) => (arrived = resolve));
  assert.equal(events[0].__typename, 'LiveHeartbeat');
  await write('By events');
  const found = (event) => event.__typename === 'PostPublished' && event.edge.node.text === 'By events';
  while (!events.some(found)) await new Promise((resolve) => (arrived = resolve));
  feed.unsubscribe();
});

test('the cache had nothing to complain of', () => assert.deepEqual(complaints, []));

test.after(() => socket.dispose());
