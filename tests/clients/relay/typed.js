// The types that relay-compiler makes of fields marked @semanticNonNull, and of those that are not.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

const typed = (name) => readFileSync(`typed/${name}.graphql.ts`, 'utf8');

test('what is read with @throwOnFieldError or @catch has no null', () => {
  assert.match(typed('errorsThrownQuery'), /\n  readonly exploreTimeline: \{[^|]*\n  \};\n/);
  assert.match(typed('errorsCaughtQuery'), /readonly posts: Result<\{[^|]*\n    \}, unknown>;/);
});

test('what means something by null keeps it, and so does what is read without', () => {
  assert.match(typed('errorsCaughtQuery'), /\n  \} \| null \| undefined;/);
  assert.match(typed('documentsHomeQuery'), /\n    \} \| null \| undefined;\n    readonly user: \{/);
});
