import { expect, test } from 'vitest';
import { waitingIn } from './waiting';

test('a login that waits is read out of what stands behind the #', () => {
  const found = { token: 'frl_x', factors: ['TOTP', 'RECOVERY_CODE'] };
  expect(waitingIn('pending=frl_x&factors=TOTP%2CRECOVERY_CODE')).toEqual(found);
  expect(waitingIn('')).toBeNull();
  expect(waitingIn('top')).toBeNull();
});
