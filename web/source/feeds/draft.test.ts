import { expect, test } from 'vitest';
import { type Draft, EMPTY, postIn, rulesOf, typedList } from './draft';

test('what is built is what is asked for', () => {
  const draft: Draft = {
    ...EMPTY,
    sources: [
      { kind: 'FOLLOWED', things: [], text: '' },
      { kind: 'PEOPLE', things: [{ id: 'user_1', name: 'ada' }], text: '' },
      { kind: 'LIST', things: [{ id: 'list_1', name: 'Friends' }], text: '' },
      { kind: 'HASHTAG', things: [], text: 'foxes' },
    ],
    weights: { LIKES: 1, SAVES: 0, REMIXES: 2.5 },
    order: 'RANKED',
  };
  const rules = rulesOf(draft);
  expect(rules.sources).toEqual([
    { circle: 'FOLLOWED' },
    { people: ['user_1'] },
    { userListId: 'list_1' },
    { hashtag: 'foxes' },
  ]);
  expect(rules.weights).toEqual([
    { signal: 'SAVES', weight: 0 },
    { signal: 'REMIXES', weight: 2.5 },
  ]);
  expect(rules.filters?.replies).toBe('NONE');
});

test('lists are typed with commas between', () => {
  expect(typedList(' a fox, owls,, a fox ')).toEqual(['a fox', 'owls']);
  expect(typedList('#one two,three', /[\s,]+/)).toEqual(['#one', 'two', 'three']);
});

test.each([
  ['https://fresque.example/post/post_1c9k2m', 'post_1c9k2m'],
  ['https://fresque.example/post/post_1c9k2m/likes?x=1', 'post_1c9k2m'],
  ['post_1c9k2m', 'post_1c9k2m'],
  ['https://elsewhere.example/', null],
  ['user_1', null],
])('the post in %s is %s', (text, id) => {
  expect(postIn(text)).toBe(id);
});
