import { expect, test } from 'vitest';
import { isName, partsOf } from './parts';

test('a part is found behind what takes two halves', () => {
  expect(partsOf('🦊🦊 has:wings fox', 3, 9)).toEqual(['🦊🦊 ', 'has:wings', ' fox']);
});

test('names are suggested, operators are not', () => {
  expect(['ada', '@ada', '#night', 'ada love'].filter(isName)).toHaveLength(4);
  expect(['a', '', 'from:ada', '"night', 'cat -dog', 'a OR b', 'neon*'].filter(isName)).toEqual([]);
});
