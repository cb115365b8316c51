// graphql-ws on graphql-yoga with graphql-jit and Redis pub/sub, as their users write it.
import { createServer } from 'node:http';
import { useGraphQlJit } from '@envelop/graphql-jit';
import { createRedisEventTarget } from '@graphql-yoga/redis-event-target';
import { useServer } from 'graphql-ws/use/ws';
import { createPubSub, createSchema, createYoga } from 'graphql-yoga';
import Redis from 'ioredis';
import { WebSocketServer } from 'ws';
import { reader, redis, schema, topics } from './feed.js';

const pubsub = createPubSub({
  eventTarget: createRedisEventTarget({ publishClient: new Redis(redis), subscribeClient: new Redis(redis) }),
});
const feed = (name) => ({ subscribe: (_, __, { viewer }) => pubsub.subscribe(topics('yoga')[name](viewer)), resolve: (event) => event });
const yoga = createYoga({
  schema: createSchema({
    typeDefs: schema,
    resolvers: { Subscription: { exploreTimeline: feed('exploreTimeline'), homeTimeline: feed('homeTimeline') } },
  }),
  plugins: [useGraphQlJit()],
  healthCheckEndpoint: '/readyz',
  logging: false,
});
const server = createServer(yoga);
useServer(
  {
    context: ({ connectionParams }) => ({ viewer: reader(connectionParams) }),
    execute: (args) => args.rootValue.execute(args),
    subscribe: (args) => args.rootValue.subscribe(args),
    onSubscribe: async (context, _id, params) => {
      const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped({
        ...context,
        req: context.extra.request,
        socket: context.extra.socket,
        viewer: reader(context.connectionParams),
        params,
      });
      const document = parse(params.query);
      const errors = validate(schema, document);
      if (errors.length) return errors;
      return {
        schema,
        document,
        operationName: params.operationName,
        variableValues: params.variables,
        contextValue: await contextFactory(),
        rootValue: { execute, subscribe },
      };
    },
  },
  new WebSocketServer({ server, path: yoga.graphqlEndpoint }),
);
server.listen(Number(process.env.PORT), process.env.HOST);
