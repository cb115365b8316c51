import { expect, test } from 'vitest';
import { en } from '~/i18n/en';
import { cause, problemText } from './problem';

const refused = (errorCode: string, ...path: string[]) => ({ kind: 'REFUSED', errorCode, path });

test('what stands in the way is read out of the path', () => {
  expect(cause(refused('NOT_FOUND', 'content', 'replyToId'))).toBe('reply');
  expect(cause(refused('FORBIDDEN', 'content', 'posts', '1', 'quotedPostId'))).toBe('quote');
  expect(cause(refused('BAD_USER_INPUT', 'content', 'posts', '0', 'images', '0', 'imageId'))).toBe('images');
  expect(cause(refused('BAD_USER_INPUT', 'content', 'wish', 'engine'))).toBe('wish');
  expect(cause(refused('FORBIDDEN'))).toBeNull();
});

test('a refusal says what can be mended', () => {
  const words = en.drafts.refused;
  expect(problemText(en, refused('NOT_FOUND', 'content', 'replyToId'))).toBe(words.replyGone);
  expect(problemText(en, refused('FORBIDDEN', 'content', 'posts', '0', 'quotedPostId'))).toBe(words.quoteForbidden);
  expect(problemText(en, refused('FORBIDDEN'))).toBe(words.account);
  expect(problemText(en, refused('QUOTA_EXCEEDED', 'content', 'wish'))).toContain(en.cost.refused);
  expect(problemText(en, { kind: 'LATE', errorCode: null, path: [] })).toBe(en.drafts.problems.LATE);
});
