// PostGraphile 5 on the views of bench/postgraphile.py, as its users set it up: the viewer is a setting of the transaction.
import { createServer } from 'node:http';
import { postgraphile } from 'postgraphile';
import { grafserv } from 'postgraphile/grafserv/node';
import { makePgService } from 'postgraphile/adaptors/pg';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { identify, pool } from './town.js';

const preset = {
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({ pool, schemas: ['peer'], pubsub: false })],
  schema: { defaultBehavior: '-connection +list', dontSwallowErrors: true },
  grafserv: { maskError: (e) => { console.error(e); return e; }, graphqlPath: '/graphql', graphiql: false, watch: false },
  grafast: {
    explain: false,
    context: async ({ node }) => ({ pgSettings: { 'peer.viewer': (await identify(node?.req.headers.authorization)) ?? '0' } }),
  },
};
const server = postgraphile(preset).createServ(grafserv);
await server.ready();
const handle = server.createHandler();
createServer((request, response) => {
  if (request.url === '/readyz') response.end('ready');
  else handle(request, response);
}).listen(Number(process.env.PORT), process.env.HOST);
