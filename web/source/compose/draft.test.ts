import { beforeEach, expect, test } from 'vitest';
import { addImage, type Draft, draftOf, EMPTY, frozen, isBlank, placeOf, thawed, withPicture } from './draft';

beforeEach(() => localStorage.clear());

const full: Draft = {
  text: 'A wall #plaster',
  visibility: 'FOLLOWERS',
  warning: 'paint',
  remixPolicy: 'ASK',
  promptVisibility: null,
  pictures: [
    { key: 'a', altText: 'A wall', upload: { at: 'kept', imageId: 'image_1' }, preview: 'blob:1' },
    { key: 'b', altText: 'On its way', upload: { at: 'sending', fraction: 0.5 }, preview: 'blob:2' },
  ],
  prompt: 'a wall',
  jobId: 'job_1',
  terms: { reply: 'FOLLOWING', quote: 'NOBODY', sensitive: true },
  following: 2,
  poll: { options: ['Yes', 'No'], minutes: 60, multiple: true, hidesResults: false },
  edits: 2,
  sent: { key: 'k', content: 'c' },
  server: { id: 'draft_1', version: 3 },
};

test('a draft survives a reload, but for files that were not uploaded', () => {
  expect(thawed(frozen(full))).toEqual({
    ...full,
    pictures: [{ key: 'a', altText: 'A wall', upload: { at: 'kept', imageId: 'image_1' }, preview: null }],
  });
});

test('what is blank is not kept, and what cannot be read is blank', () => {
  expect(frozen({ ...EMPTY, text: ' \n', visibility: 'UNLISTED' })).toBeNull();
  expect(isBlank({ ...EMPTY, jobId: 'job_1' })).toBe(false);
  for (const text of ['', '{', '[]', '{"text":3,"pictures":[null,3,{"key":1}],"visibility":"ALL","sent":{"key":1}}']) {
    expect(thawed(text)).toEqual(EMPTY);
  }
});

test('every place has a draft of its own, written as it is typed', () => {
  const answer = draftOf(placeOf('user_1', { replyToId: 'post_1' }));
  answer.update((now) => ({ ...now, text: 'Yes' }));
  expect(draftOf(placeOf('user_1', { replyToId: 'post_1' }))).toBe(answer);
  expect(draftOf(placeOf('user_1', { quotedPostId: 'post_1' })).get().text).toBe('');
  expect(draftOf(placeOf('user_2', { replyToId: 'post_1' })).get().text).toBe('');
  expect(localStorage.getItem('fresque.draft.user_1.reply.post_1')).toContain('Yes');
  answer.set(EMPTY);
  expect(localStorage.getItem('fresque.draft.user_1.reply.post_1')).toBeNull();
});

test('four pictures, each once', () => {
  const store = draftOf(placeOf('user_1', { replyToId: 'post_2' }));
  expect(['1', '1', '2', '3', '4'].map((id) => addImage(store, id, ''))).toEqual([true, true, true, true, true]);
  expect(addImage(store, '5', '')).toBe(false);
  expect(store.get().pictures.length).toBe(4);
});

test('news of a picture that was taken out bring it not back', () => {
  expect(withPicture(full, 'gone', (now) => ({ ...now, altText: 'x' }))).toBe(full);
});
