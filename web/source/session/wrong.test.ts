import { expect, test } from 'vitest';
import { en } from '~/i18n/en';
import { fr } from '~/i18n/fr';
import { refusedOf, wrongOf } from './wrong';

const fine = { handle: 'ada', displayName: '', email: 'ada@example.org', password: 'long enough' };

test('what the server would take is asked', () => {
  expect(wrongOf(en, fine)).toBeNull();
  expect(wrongOf(en, { ...fine, handle: '@Ada_1' })).toBeNull();
});

test.each([
  ['handle', '', en.signing.missing],
  ['handle', 'ada lovelace', en.signing.handleWrong],
  ['handle', 'a'.repeat(31), en.signing.handleWrong],
  ['email', 'ada', en.signing.emailWrong],
  ['email', 'ada@example', en.signing.emailWrong],
  ['password', 'short', en.signing.passwordShort],
  ['displayName', 'é'.repeat(51), en.signing.nameLong],
])('%s "%s" is told before anything is sent', (field, said, words) => {
  expect(wrongOf(en, { ...fine, [field]: said })).toEqual({ [field]: words });
});

test('a refusal stands beside its field, in the language of the reader', () => {
  const refusals = [
    { code: 'CONFLICT', path: ['handle'] },
    { code: 'CONFLICT', path: ['email'] },
  ];
  expect(refusedOf(fr, refusals)).toEqual({ handle: fr.signing.handleTaken, email: fr.signing.emailTaken });
  expect(refusedOf(fr, [{ code: 'BAD_USER_INPUT', path: ['handle'] }])).toEqual({ handle: fr.signing.handleReserved });
});

test('a refusal about no field stands beside none', () => {
  expect(refusedOf(en, [{ code: 'RATE_LIMITED', path: null }])).toBeNull();
});
