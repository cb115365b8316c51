import { expect, test } from 'vitest';
import { stretches } from './facets';

const bytes = (text: string) => new TextEncoder().encode(text).length;

test('facets count bytes, also behind emoji and accents', () => {
  const before = 'Été 👩‍🎨 by ';
  const text = `${before}@ada!`;
  const found = stretches(text, [{ start: bytes(before), end: bytes(`${before}@ada`), feature: 'mention' }]);
  expect(found).toEqual([{ text: before }, { text: '@ada', feature: 'mention' }, { text: '!' }]);
});

test('facets that overlap or reach too far are plain text, and nothing is lost', () => {
  const facets = [
    { start: 0, end: 2, feature: 1 },
    { start: 1, end: 3, feature: 2 },
    { start: 3, end: 99, feature: 3 },
  ];
  const found = stretches('abcdef', facets);
  expect(found).toEqual([{ text: 'ab', feature: 1 }, { text: 'cdef' }]);
});
