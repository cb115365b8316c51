import { expect, test } from 'vitest';
import { safeNext } from './places';

test.each([
  ['/post/post_1?x=1', '/post/post_1?x=1'],
  ['//evil.example', '/'],
  ['https://evil.example/', '/'],
  ['/\\evil.example', '/'],
  ['javascript:alert(1)', '/'],
  [null, '/'],
])('after logging in, %s leads to %s', (next, expected) => {
  expect(safeNext(next)).toBe(expected);
});
