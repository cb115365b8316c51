import { beforeEach, expect, test } from 'vitest';
import { en } from '~/i18n/en';
import { changedLines, keepLines, refusedLines, thawedLines, wrongLines } from './profileDraft';

const was = { displayName: 'Ada', bio: '', location: 'London', website: '', pronouns: '' };

beforeEach(() => localStorage.clear());

test('only what is not as it was is sent', () => {
  expect(changedLines(was, { ...was, bio: ' Hello ', location: '' })).toEqual({ bio: 'Hello', location: '' });
  expect(changedLines(was, { ...was, displayName: 'Ada ' })).toEqual({});
});

test.each(['example.org', 'ftp://example.org', 'https://', 'javascript:alert(1)'])('%s is no website', (website) => {
  expect(wrongLines(en, { ...was, website })).toEqual({ website: en.editing.websiteWrong });
});

test('what is too long is told with its bound', () => {
  expect(wrongLines(en, { ...was, bio: 'x'.repeat(301) })).toEqual({ bio: en.editing.tooLong(300) });
  expect(wrongLines(en, { ...was, bio: '👩‍🎨'.repeat(300), website: 'https://ada.example' })).toBeNull();
});

test('refusals of the server stand beside what they are about', () => {
  const refusals = [
    { code: 'BAD_USER_INPUT', path: ['website'] },
    { code: 'NOT_FOUND', path: ['avatarImageId'] },
  ];
  expect(refusedLines(en, refusals)).toEqual({
    website: en.editing.websiteWrong,
    avatarImageId: en.editing.pictureGone,
  });
  expect(refusedLines(en, [{ code: 'RATE_LIMITED', path: null }])).toBeNull();
});

test('what was typed survives a reload, of this person alone', () => {
  keepLines('user_1', was, { ...was, bio: 'Half a sent' });
  expect(thawedLines('user_1', was)).toEqual({ ...was, bio: 'Half a sent' });
  expect(thawedLines('user_2', was)).toEqual(was);
  keepLines('user_1', was, was);
  expect(thawedLines('user_1', was)).toEqual(was);
});
