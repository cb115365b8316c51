import { expect, test } from 'vitest';
import { formatFor, regional } from './format';

const now = Date.parse('2026-11-22T12:00:00Z');
const ago = (language: 'en' | 'fr', moment: string) => formatFor(language).ago(moment, now).replace(/\s/g, ' ');

test.each([
  ['2026-11-22T11:57:00Z', '3m', '3 min'],
  ['2026-11-22T07:00:00Z', '5h', '5 h'],
  ['2026-11-19T12:00:00Z', '3d', '3 j'],
  ['2026-03-01T12:00:00Z', 'Mar 1', '1 mars'],
  ['2024-03-01T12:00:00Z', 'Mar 1, 2024', '1 mars 2024'],
])('%s is %s, in French %s', (moment, english, french) => {
  expect([ago('en', moment), ago('fr', moment)]).toEqual([english, french]);
});

test('a server whose clock is ahead has written just now', () => {
  expect(ago('en', '2026-11-22T12:00:09Z')).toBe(ago('en', '2026-11-22T12:00:00Z'));
});

test('a language is written as where the reader is, when they read it there', () => {
  expect(regional('en', ['fr-CA', 'en-GB', 'en-US'])).toBe('en-GB');
  expect(regional('fr', ['en-GB'])).toBe('fr');
});
