import { expect, test } from 'vitest';
import { aboveOf, moved } from './order';

const ids = ['a', 'b', 'c', 'd'];

test('one is put elsewhere, and all others keep their order', () => {
  expect(moved(ids, 0, 2)).toEqual(['b', 'c', 'a', 'd']);
  expect(moved(ids, 3, 0)).toEqual(['d', 'a', 'b', 'c']);
  expect(moved(ids, 1, 1)).toEqual(ids);
  expect(moved(ids, 9, 0)).toEqual(ids);
});

test('what stands above it then is told; on top nothing does', () => {
  expect(aboveOf(ids, 0, 2)).toBe('c');
  expect(aboveOf(ids, 3, 1)).toBe('a');
  expect(aboveOf(ids, 2, 0)).toBe(null);
});
