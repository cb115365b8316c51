import { expect, test } from 'vitest';
import { EVERY, lasting } from './duration';

test('what is for good names no seconds, all else does', () => {
  expect(lasting('ever')).toEqual({});
  expect(EVERY.filter((one) => lasting(one).durationSeconds)).toEqual(['h1', 'h24', 'd7', 'd30']);
});
