import { expect, test } from 'vitest';
import { undoneIn } from './notes';

test('what was not done is said once, in the words of the reader', () => {
  const words = { 'not known': 'pas compris', 'too many figures': 'trop' };
  expect(undoneIn(['not known: sparkly', 'not known: sparkly', 'too many figures', 'odd: a: b'], words)).toBe(
    'sparkly (pas compris), trop, a: b (odd)',
  );
  expect(undoneIn([], words)).toBe('');
});
