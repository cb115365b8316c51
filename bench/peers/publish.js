// Publishes an event the way one peer's own pub/sub does: `node publish.js yoga|mercurius`, told by lines of JSON on standard input.
// { field, event, topics, times, stamp }: the same event `times` over on each topic; `stamp`: its text says when.
import { createInterface } from 'node:readline';
import { createRedisEventTarget } from '@graphql-yoga/redis-event-target';
import { createPubSub } from 'graphql-yoga';
import Redis from 'ioredis';
import mqemitterRedis from 'mqemitter-redis';
import { redis } from './feed.js';

const ways = {
  yoga: () => {
    const connection = new Redis(redis, { enableAutoPipelining: true });
    const pubsub = createPubSub({ eventTarget: createRedisEventTarget({ publishClient: connection, subscribeClient: new Redis(redis) }) });
    return (topic, _, event) => pubsub.publish(topic, event);
  },
  mercurius: () => {
    const emitter = mqemitterRedis({ connectionString: redis });
    return (topic, field, event) => emitter.emit({ topic, payload: { [field]: event } });
  },
};
const peer = process.argv[2];
const publish = ways[peer]();
for await (const line of createInterface({ input: process.stdin })) {
  const { field, event, topics, times, stamp } = JSON.parse(line);
  const text = event.edge.node.text;
  for (const [place, topic] of topics.entries()) {
    event.edge.node.text = stamp ? `at ${((performance.timeOrigin + performance.now()) / 1000).toFixed(6)}` : `${place} ${text}`;
    for (let time = 0; time < times; time++) publish(`${peer}:${topic}`, field, event);
  }
  console.log('{}');
}
process.exit(0);
