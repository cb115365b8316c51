import { expect, test } from 'vitest';
import { bell as en } from '~/i18n/bell.en';
import { bell as fr } from '~/i18n/bell.fr';
import { sentence } from './sentence';

const people = ['Ada', 'Bob', 'Cleo'].map((displayName) => ({ displayName }));

test('one, two and many are said as one says them', () => {
  const line = { kind: 'LIKE', count: 1, actors: people.slice(0, 1) };
  expect(sentence(en.bell, line)).toBe('Ada liked your post');
  expect(sentence(en.bell, { ...line, count: 2, actors: people.slice(0, 2) })).toBe('Ada and Bob liked your post');
  expect(sentence(en.bell, { ...line, count: 3, actors: people })).toBe('Ada, Bob and 1 other liked your post');
  expect(sentence(fr.bell, { ...line, count: 3, actors: people })).toBe(
    'Ada, Bob et 1 autre personne ont aimé votre publication',
  );
});

test('what nobody did names nobody, and what is not known yet is said at all', () => {
  expect(sentence(en.bell, { kind: 'POLL_ENDED', count: 1, actors: [] })).toBe('Your poll has ended');
  expect(sentence(en.bell, { kind: 'GENERATION_FINISHED', count: 4, actors: [] })).toBe(
    '4 of your generations have ended',
  );
  expect(sentence(en.bell, { kind: 'NEW_KIND', count: 1, actors: people })).toBe('There is something new');
});
