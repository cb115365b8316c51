// graphql-yoga with graphql-jit and dataloader, as its users write it.
import { createServer } from 'node:http';
import { useGraphQlJit } from '@envelop/graphql-jit';
import DataLoader from 'dataloader';
import { createSchema, createYoga } from 'graphql-yoga';
import { home, identify, people, resolvers, schema } from './town.js';

const yoga = createYoga({
  schema: createSchema({
    typeDefs: schema,
    resolvers: {
      ...resolvers,
      Query: { viewer: (_, __, { viewer }) => (viewer === null ? null : {}) },
      Viewer: { homeTimeline: (_, { first }, { viewer }) => home(viewer, first) },
      PostEdge: { repostedBy: (edge, _, { users }) => (edge.reposter === null ? null : users.load(edge.reposter)) },
      MentionFacet: { user: (facet, _, { users }) => (facet.person === null ? null : users.load(facet.person)) },
      Post: { ...resolvers.Post, author: (row, _, { users }) => users.load(row.author_id) },
    },
  }),
  context: async ({ request }) => {
    const viewer = await identify(request.headers.get('authorization'));
    return { viewer, users: new DataLoader((ids) => people(viewer, ids)) };
  },
  plugins: [useGraphQlJit()],
  healthCheckEndpoint: '/readyz',
  logging: false,
});

createServer(yoga).listen(Number(process.env.PORT), process.env.HOST);
