import { expect, test } from 'vitest';
import { measure, mentionAt, spans, tooLongFrom } from './measure';

const kinds = (text: string) => spans(text).map(({ start, end, kind }) => `${kind} ${text.slice(start, end)}`);

test('a character is what people see as one', () => {
  expect(measure('abc')).toBe(3);
  expect(measure('👩‍👩‍👧‍👦🇫🇷é')).toBe(3);
  expect(measure('e\u0301')).toBe(1);
  expect(measure('  a\r\nb  ')).toBe(3);
  expect(measure('a\u200bb')).toBe(2);
});

test('a link counts 23, however long, and its full stop does not belong to it', () => {
  expect(measure(`https://example.org/${'a'.repeat(300)}`)).toBe(23);
  expect(measure('see https://example.org.')).toBe(4 + 23 + 1);
  expect(measure('https://nothing')).toBe(15);
  expect(measure('http://127.0.0.1:8000/x http://localhost/y')).toBe(47);
});

test('mentions, hashtags and links are told apart', () => {
  expect(kinds('Hello @ada and #Plaster, see https://example.org/#no?x=@bo!')).toEqual([
    'mention @ada',
    'hashtag #Plaster',
    'link https://example.org/#no?x=@bo',
  ]);
  expect(kinds('mail a@b.org #2026 #été2026 (https://en.org/a_(b))')).toEqual([
    'hashtag #été2026',
    'link https://en.org/a_(b)',
  ]);
});

test('a mention is completed only where its end is typed', () => {
  expect(mentionAt('hello @ad', 9)).toEqual({ start: 6, prefix: 'ad' });
  expect(mentionAt('hello @', 7)).toBeNull();
  expect(mentionAt('hello @ada', 8)).toBeNull();
  expect(mentionAt('a@ad', 4)).toBeNull();
});

test('what is too long begins after the last character that has a place', () => {
  expect(tooLongFrom('👩‍👩‍👧‍👦'.repeat(500))).toBeNull();
  expect(tooLongFrom(`${'a'.repeat(500)}b`)).toBe(500);
  const link = `https://example.org/${'a'.repeat(100)}`;
  expect(tooLongFrom(`${link} ${'b'.repeat(480)}`)).toBe(link.length + 1 + 476);
});
