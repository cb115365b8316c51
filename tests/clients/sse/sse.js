// npm graphql-sse, the reference client of GraphQL over Server-Sent Events, in both of its modes.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createClient } from 'graphql-sse';

const CREATE = 'mutation ($text: String!) { createPost(input: {text: $text}) { post { id text } userErrors { code } } }';
const HOME = `subscription ($after: String) { homeTimeline(after: $after) {
  __typename cursor ... on PostPublished { edge { node { id text } } } } }`;

const client = (singleConnection) =>
  createClient({
    url: `${process.env.FRESQUE_URL}/graphql`,
    headers: { authorization: `Bearer ${process.env.ADA_TOKEN}` },
    singleConnection,
    retryAttempts: 0,
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

for (const singleConnection of [false, true]) {
  const mode = singleConnection ? 'single connection' : 'distinct connections';

  test(`${mode}: a query and a mutation`, async () => {
    const ada = client(singleConnection);
    const asked = await once(ada, { query: '{ viewer { user { handle } } }' });
    assert.equal(asked.data.viewer.user.handle, process.env.ADA_HANDLE);
    const made = await once(ada, { query: CREATE, variables: { text: 'By events' } });
    assert.equal(made.data.createPost.post.text, 'By events');
    ada.dispose();
  });

  test(`${mode}: a subscription goes on from its cursor and misses nothing`, async () => {
    const ada = client(singleConnection);
    const feed = ada.iterate({ query: HOME });
    assert.equal((await feed.next()).value.data.homeTimeline.__typename, 'LiveHeartbeat');
    await once(ada, { query: CREATE, variables: { text: 'One' } });
    const one = await until('One', feed);
    await feed.return();
    for (const text of ['Two', 'Three']) await once(ada, { query: CREATE, variables: { text } });
    const resumed = ada.iterate({ query: HOME, variables: { after: one.cursor } });
    assert.equal((await published(resumed)).edge.node.text, 'Two');
    assert.equal((await published(resumed)).edge.node.text, 'Three');
    await resumed.return();
    ada.dispose();
  });

  test(`${mode}: a faulty operation ends itself and no other`, async () => {
    const ada = client(singleConnection);
    const feed = ada.iterate({ query: HOME });
    await feed.next();
    for (const payload of [{ query: '{' }, { query: '{ nothingOfThisName }' }, { query: '{ __typename }', operationName: 'B' }]) {
      const told = await once(ada, payload).then(({ errors }) => errors, (errors) => errors);
      const code = told instanceof Error ? told.response.status : told[0].extensions.code;
      assert.ok(code === 400 || typeof code === 'string', String(told));
    }
    await once(ada, { query: CREATE, variables: { text: 'Still here' } });
    await until('Still here', feed);
    await feed.return();
    ada.dispose();
  });

  test(`${mode}: many operations at once`, async () => {
    const ada = client(singleConnection);
    const results = await Promise.all(Array.from({ length: 20 }, () => once(ada, { query: '{ __typename }' })));
    assert.ok(results.every((result) => result.data.__typename === 'Query'));
    ada.dispose();
  });
}
