// relay-runtime on what relay-compiler made of source/*.js: by the text of each document, or by its id where it was persisted.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import test from 'node:test';
import { createClient } from 'graphql-ws';
import relay from 'relay-runtime';

const { Environment, Network, Observable, RecordSource, Store, createOperationDescriptor, getSelector } = relay;
const { handlePotentialSnapshotErrors } = relay;
const require = createRequire(import.meta.url);
const artifact = (name) => require(`./artifacts/${name}.graphql.js`);
const URL = `${process.env.FRESQUE_URL}/graphql`;
const authorization = `Bearer ${process.env.ADA_TOKEN}`;
const socket = createClient({ url: URL.replace('http', 'ws'), connectionParams: { authorization } });

// graphql-ws insists on a text; an empty one is none.
const asked = ({ id, text }) => (id ? { query: '', documentId: id } : { query: text });

async function post(params, variables) {
  const answer = await fetch(URL, {
    method: 'POST',
    headers: { accept: 'application/graphql-response+json', 'content-type': 'application/json', authorization },
    body: JSON.stringify({ ...asked(params), variables }),
  });
  return answer.json();
}

// What an application writes to let Relay have parts: the format of 2022, one of its pieces at a time.
function inParts(params, variables, sink) {
  const read = async () => {
    const answer = await fetch(URL, {
      method: 'POST',
      headers: { accept: 'multipart/mixed;deferSpec=20220824, application/json', 'content-type': 'application/json', authorization },
      body: JSON.stringify({ ...asked(params), variables }),
    });
    assert.match(answer.headers.get('content-type'), /^multipart\/mixed;boundary="graphql";deferSpec=20220824$/);
    let buffer = '';
    for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
      buffer += chunk;
      const pieces = buffer.split('\r\n--graphql');
      buffer = pieces.pop();
      for (const piece of pieces.filter((one) => one !== '')) {
        const { hasNext, incremental, ...whole } = JSON.parse(piece.slice(piece.indexOf('\r\n\r\n')));
        if (whole.data) sink.next({ ...whole, extensions: { is_final: !hasNext } });
        for (const [place, one] of (incremental ?? []).entries()) {
          sink.next({ ...one, extensions: { is_final: !hasNext && place === incremental.length - 1 } });
        }
      }
    }
    assert.equal(buffer, '--\r\n');
    sink.complete();
  };
  read().catch((error) => sink.error(error));
}

const apart = (operation) => operation.name.includes('Deferred');
const environment = new Environment({
  network: Network.create((params, variables) => (apart(params) ? Observable.create((sink) => inParts(params, variables, sink)) : post(params, variables)), (params, variables) =>
    Observable.create((sink) => socket.subscribe({ ...asked(params), operationName: params.name, variables }, sink)),
  ),
  store: new Store(new RecordSource()),
});

async function ask(name, variables) {
  const operation = createOperationDescriptor(artifact(name), variables);
  environment.retain(operation);
  await environment.execute({ operation }).toPromise();
  return environment.lookup(operation.fragment).data;
}

async function mutate(name, variables) {
  const operation = createOperationDescriptor(artifact(name), variables);
  await environment.executeMutation({ operation }).toPromise();
  return environment.lookup(operation.fragment).data;
}

const fragment = (name, ref) => environment.lookup(getSelector(artifact(name), ref)).data;
const shown = (list) => list.edges.map((edge) => fragment('documents_post', edge.node).text);

async function write(text, connections = []) {
  const { createPost } = await mutate('documentsCreatePostMutation', { input: { text }, connections });
  assert.deepEqual(createPost.userErrors, []);
  return fragment('documents_post', createPost.edge.node);
}

test('pages of a @connection are one list', async () => {
  for (const text of ['a', 'b', 'c', 'd', 'e']) await write(text);
  const first = (await ask('documentsHomeQuery', { first: 2 })).viewer.homeTimeline;
  assert.deepEqual(shown(first), ['e', 'd']);
  assert.equal(first.pageInfo.hasNextPage, true);
  const after = first.edges.at(-1).cursor;
  assert.deepEqual(shown((await ask('documentsHomeQuery', { first: 2, after })).viewer.homeTimeline), ['e', 'd', 'c', 'b']);
});

test('a @refetchable fragment pages through node(id)', async () => {
  const { user } = await ask('documentsPersonQuery', { handle: process.env.ADA_HANDLE });
  const first = fragment('documents_posts', user).posts;
  assert.deepEqual(shown(first), ['e', 'd']);
  await ask('documentsPostsPaginationQuery', { id: user.id, first: 2, after: first.pageInfo.endCursor });
  assert.deepEqual(shown(fragment('documents_posts', user).posts), ['e', 'd', 'c', 'b']);
});

test('mutations change the list and the record', async () => {
  const home = (await ask('documentsHomeQuery', { first: 2 })).viewer.homeTimeline;
  const now = () => {
    const operation = createOperationDescriptor(artifact('documentsHomeQuery'), { first: 2 });
    return environment.lookup(operation.fragment).data.viewer.homeTimeline;
  };
  const connections = [home.__id];
  const { id } = await write('new', connections);
  assert.deepEqual(shown(now()).slice(0, 2), ['new', 'e']);
  await mutate('documentsLikePostMutation', { id });
  assert.equal(fragment('documents_post', now().edges[0].node).viewerHasLiked, true);
  await mutate('documentsDeletePostMutation', { input: { postId: id }, connections });
  assert.deepEqual(shown(now()).slice(0, 2), ['e', 'd']);
});

test('a subscription puts what is published into the list', async () => {
  const home = (await ask('documentsHomeQuery', { first: 2 })).viewer.homeTimeline;
  const connections = [home.__id];
  const variables = { after: home.liveCursor, connections };
  const operation = createOperationDescriptor(artifact('documentsHomeLiveSubscription'), variables);
  const page = createOperationDescriptor(artifact('documentsHomeQuery'), { first: 2 });
  const now = () => shown(environment.lookup(page.fragment).data.viewer.homeTimeline);
  let followed;
  const published = new Promise((resolve, reject) => {
    followed = environment.executeSubscription({ operation }).subscribe({
      next: () => now()[0] === 'live' && resolve(),
      error: reject,
    });
  });
  await write('live');
  await published;
  followed.unsubscribe();
});

test('@throwOnFieldError throws what failed, and takes the rest as never null', async () => {
  let seen;
  const look = async (first) => {
    const operation = createOperationDescriptor(artifact('errorsThrownQuery'), { first });
    environment.retain(operation);
    await environment.execute({ operation }).toPromise();
    const snapshot = environment.lookup(operation.fragment);
    seen = snapshot.fieldErrors;
    handlePotentialSnapshotErrors(environment, snapshot.fieldErrors);
    return snapshot.data;
  };
  assert.ok((await look(1)).exploreTimeline.edges.length <= 1);
  await assert.rejects(look(0), /Unexpected response payload/);
  assert.equal(seen[0].error.extensions.code, 'BAD_USER_INPUT');
});

test('@catch gives the error in place of the field and leaves what stands beside it', async () => {
  const { user } = await ask('errorsCaughtQuery', { handle: process.env.ADA_HANDLE, first: 0 });
  assert.equal(user.handle, process.env.ADA_HANDLE);
  assert.equal(user.posts.ok, false);
  assert.equal(user.posts.errors[0].extensions.code, 'BAD_USER_INPUT');
  const whole = await ask('errorsCaughtQuery', { handle: process.env.ADA_HANDLE, first: 1 });
  assert.equal(whole.user.posts.ok, true);
});

test('what is deferred comes behind the rest', async (t) => {
  await write('behind');
  const operation = createOperationDescriptor(artifact('documentsDeferredQuery'), { handle: process.env.ADA_HANDLE });
  environment.retain(operation);
  const now = () => environment.lookup(operation.fragment).data.user;
  const steps = [];
  const warned = t.mock.method(console, 'error', () => {});
  await new Promise((resolve, reject) => {
    environment.execute({ operation }).subscribe({ next: () => steps.push(now().handle), error: reject, complete: resolve });
  });
  assert.deepEqual(warned.mock.calls.flatMap((call) => call.arguments).filter((one) => String(one).includes('Normalizer')), []);
  assert.ok(steps.length > 2, String(steps));
  assert.equal(steps[0], process.env.ADA_HANDLE);
  assert.equal(shown(now().posts)[0], 'behind');
  assert.equal(shown(fragment('documents_posts', now()).posts)[0], 'behind');
});

test.after(() => socket.dispose());
