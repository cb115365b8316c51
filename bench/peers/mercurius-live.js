// mercurius with its JIT and subscriptions over Redis (mqemitter-redis), as its users write it.
import fastify from 'fastify';
import mercurius from 'mercurius';
import mqemitterRedis from 'mqemitter-redis';
import { reader, redis, schema, topics } from './feed.js';

const app = fastify();
const feed = (name) => ({ subscribe: (_, __, { pubsub, viewer }) => pubsub.subscribe(topics('mercurius')[name](viewer)) });
app.get('/readyz', async () => 'ready');
app.register(mercurius, {
  schema: `${schema}`,
  resolvers: { Subscription: { exploreTimeline: feed('exploreTimeline'), homeTimeline: feed('homeTimeline') } },
  subscription: {
    emitter: mqemitterRedis({ connectionString: redis }),
    onConnect: ({ payload }) => ({ viewer: reader(payload) }),
  },
  jit: 1,
});
await app.listen({ port: Number(process.env.PORT), host: process.env.HOST });
