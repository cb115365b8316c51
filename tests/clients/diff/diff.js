// graphql-inspector: what changed since the schema that clients were last given, and whether documents in use still hold.
// `schema/landed.graphql` is that schema: a release copies schema.graphql over it; nothing else does.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { CriticalityLevel, diff, validate } from '@graphql-inspector/core';
import { Source, buildClientSchema, buildSchema, getIntrospectionQuery, printSchema } from 'graphql';

const text = readFileSync('schema.graphql', 'utf8');
const schema = buildSchema(text);
const landed = buildSchema(readFileSync('landed.graphql', 'utf8'));
const core = new Source(readFileSync('core.graphql', 'utf8'), 'core.graphql');

const breaking = async (before, after) =>
  (await diff(before, after))
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .map(({ message }) => message);

test('nothing that clients were given breaks', async () => {
  for (const change of await diff(landed, schema)) console.log(`${change.criticality.level}: ${change.message}`);
  assert.deepEqual(await breaking(landed, schema), []);
});

test('documents in use are valid and touch nothing deprecated', () => {
  assert.deepEqual(validate(schema, [core], { strictDeprecated: true }), []);
});

test('a breaking change would be seen', async () => {
  const without = text.replace(/^  likeCount: Int!$/m, '');
  assert.notEqual(without, text);
  const worse = buildSchema(without.replace('  first: Int\n', '  first: Int!\n').replace('  """How many people like it."""\n', ''));
  const found = await breaking(schema, worse);
  assert.ok(found.some((message) => message.includes("'likeCount'")), found.join());
  assert.equal(validate(worse, [core]).length, 1);
});

test('the schema served introspects to the schema in the repository', async () => {
  const answer = await fetch(`${process.env.FRESQUE_URL}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: getIntrospectionQuery({ specifiedByUrl: true, inputValueDeprecation: true }) }),
  });
  const served = printSchema(buildClientSchema((await answer.json()).data));
  assert.deepEqual(await diff(schema, buildSchema(served)), []);
});
