import { beforeEach, expect, test } from 'vitest';
import { keep } from '~/state/kept';
import { forget, recent, remember } from './recent';

beforeEach(() => localStorage.clear());

test('the last search stands first, once, and eight are kept', () => {
  for (const text of ['a', 'b', 'a', 'c', 'd', 'e', 'f', 'g', 'h', 'i']) remember('me', text);
  expect(recent('me')).toEqual(['i', 'h', 'g', 'f', 'e', 'd', 'c', 'a']);
  expect(recent('you')).toEqual([]);
});

test('one is forgotten, or all', () => {
  for (const text of ['a', 'b', 'c']) remember(null, text);
  forget(null, 'b');
  expect(recent(null)).toEqual(['c', 'a']);
  forget(null);
  expect(recent(null)).toEqual([]);
});

test('what somebody else wrote there is no search', () => {
  keep('searches.me', '{"not": "a list"}');
  expect(recent('me')).toEqual([]);
  keep('searches.me', '[1, "a", null]');
  expect(recent('me')).toEqual(['a']);
});
