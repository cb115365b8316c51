import { expect, test } from 'vitest';
import { signedAmount } from './amount';

test.each([
  ['GRANT', 1_000, '+', 1_000, 'in'],
  ['SETTLE', 3, '−', 3, 'out'],
  ['ADJUST', 20, '+', 20, 'in'],
  ['ADJUST', -20, '−', 20, 'out'],
  ['RESERVE', 6, '', 6, 'aside'],
  ['RELEASE', 3, '', 3, 'aside'],
  ['A_LATER_KIND', 3, '', 3, 'aside'],
])('%s of %d is %s%d', (kind, amount, sign, credits, way) => {
  expect(signedAmount(kind, amount)).toEqual({ sign, credits, way });
});
