import { expect, test } from 'vitest';
import { safeNext } from './places';

test.each([
  ['/post/post_1?x=1', '/post/post_1?x=1'],
  ['//evil.example', '/'],
  ['https://evil.example/', '/'],
  ['/\\evil.example', '/'],
  ['/\t/evil.example', '/'],
  ['/\n\\evil.example', '/'],
  ['/./\r/evil.example', '/'],
  ['/x/..//evil.example', '/'],
  ['/%2F/evil.example', '/%2F/evil.example'],
  ['//nowhere.invalid//evil.example', '/'],
  ['/tag/caf\u00e9#x', '/tag/caf%C3%A9#x'],
  ['javascript:alert(1)', '/'],
  [null, '/'],
])('after logging in, %s leads to %s', (next, expected) => {
  expect(safeNext(next)).toBe(expected);
});
