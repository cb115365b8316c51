import { expect, test } from 'vitest';
import { type Given, NOTHING, summed, wordingOf } from './summed';

const given = (identifier: string, viewerChoice: string, blur = 'NONE', severity = 'INFORM'): Given => ({
  labeler: { id: 'user_1', handle: 'lab' },
  definition: { identifier, severity, blur, viewerChoice, wordings: [] },
});

test('nothing said comes to nothing', () => {
  expect(summed([])).toBe(NOTHING);
});

test('each label stands once, and the strictest counts', () => {
  const heard = summed([
    given('a', 'SHOW', 'CONTENT'),
    given('b', 'WARN', 'MEDIA', 'ALERT'),
    given('b', 'WARN', 'MEDIA', 'ALERT'),
  ]);
  expect(heard.badges.map(({ key, alert }) => [key, alert])).toEqual([
    ['user_1 a', false],
    ['user_1 b', true],
  ]);
  expect([heard.blur, heard.veils?.key, heard.hides]).toEqual(['MEDIA', 'user_1 b', null]);
});

test('what hides veils as well, for who looks all the same', () => {
  const heard = summed([given('a', 'WARN', 'MEDIA'), given('b', 'HIDE', 'CONTENT')]);
  expect([heard.blur, heard.hides?.key]).toEqual(['CONTENT', 'user_1 b']);
});

test('words are in the reader’s language, else in the first there is', () => {
  const wordings = [
    { language: 'EN', name: 'Spoiler', description: '' },
    { language: 'FR', name: 'Révélation', description: '' },
  ];
  expect(wordingOf(wordings, 'fr').name).toBe('Révélation');
  expect(wordingOf(wordings.slice(0, 1), 'fr').name).toBe('Spoiler');
});
