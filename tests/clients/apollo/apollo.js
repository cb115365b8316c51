// @apollo/client 4 with its cache, as a React application sets it up.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { Defer20220824Handler, GraphQL17Alpha9Handler } from '@apollo/client/incremental';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { relayStylePagination } from '@apollo/client/utilities';
import { OperationTypeNode } from 'graphql';
import { createClient } from 'graphql-ws';
import { filter, firstValueFrom } from 'rxjs';

const URI = `${process.env.FRESQUE_URL}/graphql`;
const authorization = `Bearer ${process.env.ADA_TOKEN}`;
const HOME = gql`
  query Home($first: Int!, $after: String) {
    viewer {
      user { id handle }
      homeTimeline(first: $first, after: $after) {
        edges { cursor node { id version text likeCount viewerHasLiked author { id handle } } }
        pageInfo { hasNextPage endCursor }
        liveCursor
      }
    }
  }
`;
const CREATE = gql`
  mutation Create($input: CreatePostInput!) {
    createPost(input: $input) { post { id version text likeCount viewerHasLiked } userErrors { code message path } }
  }
`;
const LIKE = gql`
  mutation Like($id: ID!) {
    likePost(input: { postId: $id }) { post { id version likeCount viewerHasLiked } userErrors { code message path } }
  }
`;
const LIVE = gql`
  subscription Live($ids: [ID!]!, $after: String) {
    postsChanged(ids: $ids, after: $after) { __typename cursor ... on PostChanged { post { id version likeCount } } }
  }
`;
const HOME_LIVE = gql`
  subscription HomeLive($after: String) {
    homeTimeline(after: $after) { __typename cursor ... on PostPublished { edge { cursor node { id text } } } }
  }
`;

const published = await fetch(`${process.env.FRESQUE_URL}/possible-types.json`);
const socket = createClient({ url: URI.replace('http', 'ws'), connectionParams: { authorization } });
const client = new ApolloClient({
  link: ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(socket),
    new HttpLink({ uri: URI, headers: { authorization } }),
  ),
  cache: new InMemoryCache({
    possibleTypes: await published.json(),
    typePolicies: { Viewer: { merge: true, fields: { homeTimeline: relayStylePagination() } } },
  }),
});

async function write(text) {
  const { data } = await client.mutate({ mutation: CREATE, variables: { input: { text } } });
  assert.deepEqual(data.createPost.userErrors, []);
  return data.createPost.post;
}

function follow(query, variables, through = client) {
  const events = [];
  const waiting = [];
  const followed = through.subscribe({ query, variables }).subscribe({
    next: ({ data, error }) => {
      const event = error ?? Object.values(data)[0];
      waiting.length > 0 ? waiting.shift()(event) : events.push(event);
    },
  });
  return {
    next: () => (events.length > 0 ? events.shift() : new Promise((resolve) => waiting.push(resolve))),
    end: () => followed.unsubscribe(),
  };
}

test('a query and the next page are one list in the cache', async () => {
  for (const text of ['a', 'b', 'c']) await write(text);
  const home = client.watchQuery({ query: HOME, variables: { first: 2 } });
  const shown = home.subscribe(() => {});
  const first = (await firstValueFrom(home.pipe(filter(({ dataState }) => dataState === 'complete')))).data.viewer;
  assert.equal(first.user.handle, process.env.ADA_HANDLE);
  assert.deepEqual(first.homeTimeline.edges.map((edge) => edge.node.text), ['c', 'b']);
  await home.fetchMore({ variables: { after: first.homeTimeline.pageInfo.endCursor, first: 1 } });
  const both = client.readQuery({ query: HOME, variables: { first: 2 } }).viewer.homeTimeline;
  assert.deepEqual(both.edges.map((edge) => edge.node.text), ['c', 'b', 'a']);
  shown.unsubscribe();
});

test('a mutation updates the post wherever it is shown, by its id', async () => {
  const post = await write('To like');
  const variables = { first: 5 };
  await client.query({ query: HOME, variables, fetchPolicy: 'network-only' });
  const { data } = await client.mutate({ mutation: LIKE, variables: { id: post.id } });
  assert.deepEqual(data.likePost.userErrors, []);
  const [edge] = client.readQuery({ query: HOME, variables }).viewer.homeTimeline.edges;
  assert.equal(edge.node.id, post.id);
  assert.equal(edge.node.viewerHasLiked, true);
});

test('what a person causes is data, what a program causes is an error with a code', async () => {
  const refused = await client.mutate({ mutation: CREATE, variables: { input: { text: '' } } });
  assert.equal(refused.data.createPost.userErrors[0].code, 'BAD_USER_INPUT');
  const wrong = client.query({ query: gql`{ nothingOfThisName }` });
  await assert.rejects(wrong, (error) => {
    assert.ok(CombinedGraphQLErrors.is(error), String(error));
    return error.errors[0].extensions.code === 'GRAPHQL_VALIDATION_FAILED';
  });
  const page = await client.query({ query: HOME, variables: { first: 0 }, errorPolicy: 'all', fetchPolicy: 'no-cache' });
  assert.equal(page.data.viewer.homeTimeline, null);
  assert.equal(page.error.errors[0].extensions.code, 'BAD_USER_INPUT');
});

test('the home goes on live from the page', async () => {
  const page = await client.query({ query: HOME, variables: { first: 1 }, fetchPolicy: 'network-only' });
  const feed = follow(HOME_LIVE, { after: page.data.viewer.homeTimeline.liveCursor });
  await write('Live');
  for (;;) {
    const event = await feed.next();
    if (event.__typename === 'PostPublished' && event.edge.node.text === 'Live') break;
  }
  feed.end();
});

test('a live change of a post is normalised into the page', async () => {
  const post = await write('To be liked live');
  const variables = { first: 7 };
  await client.query({ query: HOME, variables, fetchPolicy: 'network-only' });
  const feed = follow(LIVE, { ids: [post.id] });
  assert.equal((await feed.next()).__typename, 'LiveHeartbeat');
  await fetch(URI, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body: JSON.stringify({ query: LIKE.loc.source.body, variables: { id: post.id } }),
  });
  let event = await feed.next();
  while (event.__typename !== 'PostChanged' || event.post.likeCount !== 1) event = await feed.next();
  const [edge] = client.readQuery({ query: HOME, variables }).viewer.homeTimeline.edges;
  assert.equal(edge.node.likeCount, 1);
  assert.equal(edge.node.version, event.post.version);
  feed.end();
});

test('a fragment on an interface matches the types that were published for it', async () => {
  const post = await write('Matched');
  const query = gql`
    query Matched($id: ID!) { node(id: $id) { __typename ...Named } }
    fragment Named on Node { id ... on Post { quotedPost { ...Shown } text } }
    fragment Shown on MaybePost { ... on UnavailablePost { reason } }
  `;
  await client.query({ query, variables: { id: post.id } });
  assert.equal(client.readQuery({ query, variables: { id: post.id } }).node.text, 'Matched');
});

test('a subscription without a socket comes as multipart over HTTP', async () => {
  const link = new HttpLink({ uri: URI, headers: { authorization } });
  const plain = new ApolloClient({ link, cache: new InMemoryCache() });
  const feed = follow(HOME_LIVE, {}, plain);
  assert.equal((await feed.next()).__typename, 'LiveHeartbeat');
  await write('In parts');
  let event = await feed.next();
  while (event.__typename !== 'PostPublished' || event.edge.node.text !== 'In parts') event = await feed.next();
  feed.end();
  plain.stop();
});

test('automatic persisted queries: the text goes over once', async () => {
  const sent = [];
  const counted = (uri, options) => {
    sent.push(JSON.parse(options.body));
    return fetch(uri, options);
  };
  const hashed = new PersistedQueryLink({ sha256: (text) => createHash('sha256').update(text).digest('hex') });
  const link = ApolloLink.from([hashed, new HttpLink({ uri: URI, headers: { authorization }, fetch: counted })]);
  const short = new ApolloClient({ link, cache: new InMemoryCache() });
  const query = gql`query Persisted { viewer { user { handle displayName } } }`;
  for (let time = 0; time < 2; time += 1) {
    const { data } = await short.query({ query, fetchPolicy: 'network-only' });
    assert.equal(data.viewer.user.handle, process.env.ADA_HANDLE);
  }
  assert.deepEqual(sent.map((body) => 'query' in body), [false, true, false]);
  short.stop();
});

const DEFERRED = gql`
  query Deferred($handle: String!) {
    user(handle: $handle) {
      id
      handle
      ... @defer(label: "posts") {
        posts(first: 2) { edges { cursor node { id text ...Author @defer(label: "author") } } }
      }
    }
  }
  fragment Author on Post { author { id displayName } }
`;
const CREATE_DEFERRED = gql`
  mutation CreateDeferred($input: CreatePostInput!) {
    createPost(input: $input) { post { id text ... @defer(label: "author") { author { id handle } } } userErrors { code } }
  }
`;
for (const [format, Handler] of Object.entries({ deferSpec: Defer20220824Handler, incrementalSpec: GraphQL17Alpha9Handler })) {
  test(`what is deferred comes behind the rest, by ${format}`, async () => {
    await write('Deferred');
    const types = [];
    const noted = async (uri, options) => {
      const answer = await fetch(uri, options);
      types.push(answer.headers.get('content-type'));
      return answer;
    };
    const apart = new ApolloClient({
      link: new HttpLink({ uri: URI, headers: { authorization }, fetch: noted }),
      cache: new InMemoryCache(),
      incrementalHandler: new Handler(),
    });
    const states = [];
    const asked = apart.watchQuery({ query: DEFERRED, variables: { handle: process.env.ADA_HANDLE } });
    const { data } = await firstValueFrom(
      asked.pipe(
        filter(({ data, dataState }) => {
          if (dataState === 'streaming') assert.equal(data.user.handle, process.env.ADA_HANDLE);
          states.push(dataState);
          return dataState === 'complete';
        }),
      ),
    );
    assert.equal(data.user.posts.edges[0].node.text, 'Deferred');
    assert.ok(data.user.posts.edges.every(({ node }) => node.author.displayName));
    assert.ok(states.includes('streaming'), String(states));
    const { data: made } = await apart.mutate({ mutation: CREATE_DEFERRED, variables: { input: { text: 'Once' } } });
    assert.deepEqual(made.createPost.userErrors, []);
    assert.equal(made.createPost.post.author.handle, process.env.ADA_HANDLE);
    const again = await apart.query({ query: DEFERRED, variables: asked.variables, fetchPolicy: 'network-only' });
    assert.deepEqual(again.data.user.posts.edges.map(({ node }) => node.text), ['Once', 'Deferred']);
    assert.ok(types.every((type) => type.startsWith('multipart/mixed') && type.includes(format)), String(types));
    apart.stop();
  });
}

test('a client that knows nothing of parts gets what is deferred with the rest', async () => {
  const { data } = await client.query({ query: gql`query Whole { viewer { user { id } } }` });
  assert.ok(data.viewer.user.id);
  const answer = await fetch(URI, {
    method: 'POST',
    headers: { authorization, accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ viewer { user { id ... @defer { handle } } } }' }),
  });
  assert.deepEqual((await answer.json()).data, { viewer: { user: { id: data.viewer.user.id, handle: process.env.ADA_HANDLE } } });
});

test.after(async () => {
  client.stop();
  await socket.dispose();
});
