// npm graphql-ws, the reference client of graphql-transport-ws.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createClient } from 'graphql-ws';

const URL = `${process.env.FRESQUE_URL.replace('http', 'ws')}/graphql`;
const CREATE = 'mutation ($text: String!) { createPost(input: {text: $text}) { post { id text } userErrors { code } } }';
const HOME = `subscription ($after: String) { homeTimeline(after: $after) {
  __typename cursor ... on PostPublished { edge { node { id text } } } } }`;

const client = (more = {}) =>
  createClient({
    url: URL,
    connectionParams: { authorization: `Bearer ${process.env.ADA_TOKEN}` },
    retryAttempts: 0,
    ...more,
  });

async function once(client, payload) {
  for await (const result of client.iterate(payload)) return result;
}

// A feed that begins now, or at a page, may bring what was written just before; one that goes on from a cursor may not.
async function until(text, feed) {
  for (;;) {
    const event = await published(feed);
    if (event.edge.node.text === text) return event;
  }
}

async function published(feed) {
  for (;;) {
    const { value } = await feed.next();
    assert.equal(value.errors, undefined);
    if (value.data.homeTimeline.__typename === 'PostPublished') return value.data.homeTimeline;
  }
}

test('a query, with variables and an operation name', async () => {
  const ada = client();
  const query = 'query A { __typename } query B($id: ID!) { viewer { user { handle } } node(id: $id) { id } }';
  const result = await once(ada, { query, operationName: 'B', variables: { id: 'garbage' } });
  assert.deepEqual(result.data, { viewer: { user: { handle: process.env.ADA_HANDLE } }, node: null });
  await ada.dispose();
});

test('a mutation', async () => {
  const ada = client();
  const result = await once(ada, { query: CREATE, variables: { text: 'By socket' } });
  assert.equal(result.data.createPost.post.text, 'By socket');
  await ada.dispose();
});

test('a subscription goes on from its cursor on another socket, and misses nothing', async () => {
  const ada = client();
  const bob = client();
  const feed = ada.iterate({ query: HOME });
  const first = await feed.next();
  assert.equal(first.value.data.homeTimeline.__typename, 'LiveHeartbeat');
  await once(bob, { query: CREATE, variables: { text: 'One' } });
  const one = await until('One', feed);
  await ada.dispose();

  for (const text of ['Two', 'Three']) await once(bob, { query: CREATE, variables: { text } });
  const again = client();
  const resumed = again.iterate({ query: HOME, variables: { after: one.cursor } });
  assert.equal((await published(resumed)).edge.node.text, 'Two');
  assert.equal((await published(resumed)).edge.node.text, 'Three');
  await again.dispose();
  await bob.dispose();
});

test('a faulty operation ends itself and not the socket', async () => {
  const closed = [];
  const ada = client({ lazy: false, on: { closed: (event) => closed.push(event.code) } });
  const feed = ada.iterate({ query: HOME });
  await feed.next();
  for (const payload of [
    { query: '{' },
    { query: '{ nothingOfThisName }' },
    { query: 'query A { __typename }', operationName: 'B' },
    { query: 'query ($id: ID!) { node(id: $id) { id } }', variables: { id: {} } },
  ]) {
    await assert.rejects(once(ada, payload), (errors) => typeof errors[0].extensions.code === 'string');
  }
  await once(ada, { query: CREATE, variables: { text: 'Still here' } });
  await until('Still here', feed);
  assert.deepEqual(closed, []);
  await ada.dispose();
});

test('many operations share one socket', async () => {
  const opened = [];
  const ada = client({ lazy: false, on: { opened: () => opened.push(1) } });
  const results = await Promise.all(Array.from({ length: 50 }, () => once(ada, { query: '{ __typename }' })));
  assert.ok(results.every((result) => result.data.__typename === 'Query'));
  assert.equal(opened.length, 1);
  await ada.dispose();
});

test('bad credentials close with a code that is not tried again', async () => {
  const eve = client({ connectionParams: { authorization: 'Bearer nonsense' } });
  await assert.rejects(once(eve, { query: '{ __typename }' }), (event) => [4401, 4403].includes(event.code));
});

test('signed out, what is public can be followed', async () => {
  const nobody = client({ connectionParams: undefined });
  const query = 'subscription { exploreTimeline { __typename cursor } }';
  const result = await once(nobody, { query });
  assert.equal(result.data.exploreTimeline.__typename, 'LiveHeartbeat');
  await nobody.dispose();
});
