// graphql-inspector: what changed since the schema that clients were last given, and whether documents in use still hold.
// `schema/landed.graphql` is that schema: a release copies schema.graphql over it; nothing else does.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import test from 'node:test';
import { CriticalityLevel, diff, validate } from '@graphql-inspector/core';
import { Source, buildClientSchema, buildSchema, getIntrospectionQuery, printSchema } from 'graphql';

const text = readFileSync('schema.graphql', 'utf8');
const schema = buildSchema(text);
const landed = buildSchema(readFileSync('landed.graphql', 'utf8'));
const core = new Source(readFileSync('core.graphql', 'utf8'), 'core.graphql');
const manifests = readdirSync('manifests').map((name) => JSON.parse(readFileSync(`manifests/${name}`, 'utf8')));
const trusted = manifests.flatMap((texts) => Object.entries(texts).map(([id, body]) => new Source(body, id)));
const [, unreleased] = readFileSync('CHANGELOG.md', 'utf8').match(/^## Unreleased\n(.*?)(?=^## |$(?![^]))/ms);
const today = new Date().toISOString().slice(0, 10);

// What was deprecated in the last release may go from the day on that its reason names.
function due(before, path) {
  const [name, label] = (path ?? '').split('.');
  const kind = before.getType(name);
  const element = kind?.getFields?.()[label] ?? kind?.getValue?.(label);
  const day = element?.deprecationReason?.match(/Goes on (\d{4}-\d{2}-\d{2})\.$/)?.[1];
  return day !== undefined && day <= today;
}

// The elements that a changelog tells of, as graphql-inspector calls them: `Post.replies(first:)` is `Post.replies.first`.
const lines = (changelog) =>
  [...changelog.matchAll(/^- (Added|Removed|Changed) `(@?[\w.]+)(?:\((\w+):\))?`/gm)].map(([, verb, name, argument]) => ({
    whole: verb !== 'Changed',
    path: argument ? `${name}.${argument}` : name,
  }));
const tells = (changelog, wanted) =>
  lines(changelog).some(({ path, whole }) => wanted === path || wanted.startsWith(whole ? `${path}.` : `${path}.@`));
const untold = async (changelog, before, after) =>
  (await diff(before, after)).filter(({ type, path }) => !type.includes('DESCRIPTION') && !tells(changelog, path));

const breaking = async (before, after) =>
  (await diff(before, after))
    .filter(({ criticality, path }) => criticality.level === CriticalityLevel.Breaking && !due(before, path))
    .map(({ message }) => message);

test('nothing that clients were given breaks', async () => {
  for (const change of await diff(landed, schema)) console.log(`${change.criticality.level}: ${change.message}`);
  assert.deepEqual(await breaking(landed, schema), []);
});

test('the changelog names every change', async () => {
  assert.deepEqual(await untold(unreleased, landed, schema), []);
  assert.ok(lines(unreleased).length > 0 || unreleased.includes('Nothing yet.'));
});

test('a change that the changelog leaves out would be seen', async () => {
  const more = buildSchema(text.replace('type Hashtag {', 'type Hashtag {\n  uses: Int'));
  assert.deepEqual((await untold('- Added `Hashtag.name`.\n', schema, more)).map(({ path }) => path), ['Hashtag.uses']);
  assert.deepEqual(await untold('- Added `Hashtag.uses`: `Int`.\n', schema, more), []);
});

test('what was deprecated goes on its day and no earlier', async () => {
  const dated = (day) => buildSchema(`type Query { a: Int b: Int @deprecated(reason: "Use \`a\`. Goes on ${day}.") }`);
  const without = buildSchema('type Query { a: Int }');
  assert.deepEqual(await breaking(dated(today), without), []);
  assert.equal((await breaking(dated('2999-01-01'), without)).length, 1);
});

test('the core operations are valid and touch nothing deprecated; what clients were built with is valid', () => {
  assert.deepEqual(validate(schema, [core], { strictDeprecated: true }), []);
  for (const one of trusted) assert.deepEqual(validate(schema, [one], { strictDeprecated: false }), []);
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
    body: JSON.stringify({ query: getIntrospectionQuery({ specifiedByUrl: true, inputValueDeprecation: true, oneOf: true }) }),
  });
  const served = printSchema(buildClientSchema((await answer.json()).data));
  const different = await diff(schema, buildSchema(served));
  // Introspection has no place for directives on fields.
  assert.deepEqual(different.filter(({ path }) => !path.endsWith('.@semanticNonNull')), []);
});
