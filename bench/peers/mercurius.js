// mercurius on fastify, with its JIT and its loaders, as its users write it.
import fastify from 'fastify';
import mercurius from 'mercurius';
import { home, identify, people, resolvers, schema } from './town.js';

// A loader's cache would have the whole row as its key; `people` asks for nobody twice.
const opts = { cache: false };
const app = fastify();
app.get('/readyz', async () => 'ready');
app.register(mercurius, {
  schema,
  resolvers: {
    ...resolvers,
    FacetFeature: { resolveType: resolvers.FacetFeature.__resolveType },
    QuotedPost: { resolveType: resolvers.QuotedPost.__resolveType },
    Query: { viewer: (_, __, { viewer }) => (viewer === null ? null : {}) },
    Viewer: { homeTimeline: (_, { first }, { viewer }) => home(viewer, first) },
  },
  loaders: {
    PostEdge: { repostedBy: { loader: (asked, { viewer }) => some(viewer, asked.map(({ obj }) => obj.reposter)), opts } },
    MentionFacet: { user: { loader: (asked, { viewer }) => some(viewer, asked.map(({ obj }) => obj.person)), opts } },
    Post: { author: { loader: (asked, { viewer }) => people(viewer, asked.map(({ obj }) => obj.author_id)), opts } },
  },
  context: async (request) => ({ viewer: await identify(request.headers.authorization) }),
  jit: 1,
});

/** People, some of whom are nobody. */
async function some(viewer, ids) {
  const known = ids.filter((id) => id !== null);
  if (known.length === 0) return ids.map(() => null);
  const found = await people(viewer, known);
  const byId = new Map(known.map((id, place) => [id, found[place]]));
  return ids.map((id) => (id === null ? null : byId.get(id)));
}

await app.listen({ port: Number(process.env.PORT), host: process.env.HOST });
