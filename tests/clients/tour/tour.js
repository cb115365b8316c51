// GraphiQL's tour, step by step, as somebody goes through it: over HTTP with a cookie, and live over a socket with the same.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { Memory, tabs } from './graphiql/tour.js';

const URL = `${process.env.FRESQUE_URL}/graphql`;
const variables = JSON.parse(readFileSync('graphiql/tour.json', 'utf8'));
variables.SignIn = { login: process.env.ADA_HANDLE, password: process.env.ADA_PASSWORD };
const steps = Object.fromEntries(
  tabs(readFileSync('graphiql/tour.graphql', 'utf8'), variables).map((tab) => [tab.query.match(/(\w+)[ ({]+\$|(\w+) \{/)[1], tab]),
);
const memory = new Memory();
const jar = { cookie: '' };

const run = memory.around(async ({ query, variables }) => {
  const headers = { 'content-type': 'application/json', origin: process.env.FRESQUE_URL, cookie: jar.cookie };
  const answer = await fetch(URL, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  jar.cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? jar.cookie;
  return answer.json();
});

async function step(name, given = {}) {
  const { query, variables } = steps[name];
  const { data, errors } = await run({ query, variables: { ...JSON.parse(variables), ...given } });
  assert.equal(errors, undefined, JSON.stringify(errors));
  const [payload] = Object.values(data);
  assert.deepEqual(payload.userErrors ?? [], []);
  return payload;
}

async function live(name, until, meanwhile = async () => {}) {
  class Signed extends WebSocket {
    constructor(url, protocols) {
      super(url, protocols, { headers: { cookie: jar.cookie, origin: process.env.FRESQUE_URL } });
    }
  }
  const client = createClient({ url: URL.replace('http', 'ws'), webSocketImpl: Signed });
  const follow = memory.around(async (params) => client.iterate(params));
  const { query, variables } = steps[name];
  const feed = await follow({ query, variables: JSON.parse(variables) });
  for (let first = true; ; first = false) {
    const { value } = await feed.next();
    assert.equal(value.errors, undefined, JSON.stringify(value.errors));
    if (first) await meanwhile();
    const [event] = Object.values(value.data);
    if (until(event)) break;
  }
  await feed.return();
  await client.dispose();
}

test('every step has variables, and every variables a step', () => {
  assert.deepEqual(Object.keys(steps), Object.keys(variables));
});

test('the tour, in its order', async () => {
  const { viewer } = await step('SignIn');
  assert.equal(viewer.user.handle, process.env.ADA_HANDLE);
  for (let post = 0; post < 3; post += 1) await step('Publish', { text: `Post ${post}` });

  const first = await step('Explore', { first: 1 });
  const second = await step('PageOn', { first: 1 });
  const third = await step('PageOn', { first: 1 });
  assert.equal(new Set([first, second, third].map((page) => page.pageInfo.endCursor)).size, 3);

  const { job } = await step('GenerateAPicture', { style: null });
  await live('WatchItBeingMade', (event) => event.job?.id === job.id && event.job.state === 'SUCCEEDED');
  assert.equal((await step('PostThePicture')).post.images.length, 1);
  await live(
    'FollowLive',
    (event) => event.edge?.node.text.startsWith('Hello from GraphiQL'),
    () => step('Publish'),
  );
});

test('what has not been seen yet is null', () => {
  assert.deepEqual(new Memory().fill({ id: '$job', text: 'for $job' }), { id: null, text: 'for $job' });
});

test('a heartbeat does not take away what is shown', async () => {
  const event = (__typename) => ({ data: { feed: { __typename } } });
  const names = ['LiveHeartbeat', 'JobChanged', 'LiveHeartbeat', 'LiveHeartbeat', 'JobProgressed', 'LiveHeartbeat'];
  async function* source() {
    yield* names.map(event);
  }
  const feed = await new Memory().around(async () => source())({});
  const shown = [];
  for await (const { data } of feed) shown.push(data.feed.__typename);
  assert.deepEqual(shown, ['LiveHeartbeat', 'JobChanged', 'JobProgressed']);
});
