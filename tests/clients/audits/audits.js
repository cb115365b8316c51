// npm graphql-http's audits of a server, all of them and unchanged.
import { serverAudits } from 'graphql-http';

const AUDITS = 61;

const results = [];
for (const audit of serverAudits({ url: `${process.env.FRESQUE_URL}/graphql` })) results.push(await audit.fn());

const failed = results.filter((result) => result.status !== 'ok');
for (const result of failed) console.log(result.status, result.id, result.name, '-', result.reason);
console.log(`${results.length - failed.length} of ${results.length} audits`);
process.exitCode = failed.length === 0 && results.length === AUDITS ? 0 : 1;
