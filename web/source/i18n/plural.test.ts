import { expect, test } from 'vitest';
import { counter } from './plural';

test('English has one for one only', () => {
  const count = counter('en');
  const forms = { one: '# post', other: '# posts' };
  expect([0, 1, 2, 1200].map((number) => count(number, forms))).toEqual([
    '0 posts',
    '1 post',
    '2 posts',
    '1,200 posts',
  ]);
});

test('French counts nought with one, and what it has no form for as others', () => {
  const count = counter('fr');
  const forms = { one: '# message', other: '# messages' };
  expect([0, 1, 2].map((number) => count(number, forms))).toEqual(['0 message', '1 message', '2 messages']);
  expect(count(1_000_000, forms)).toMatch(/ messages$/);
});
