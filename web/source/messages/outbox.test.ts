import { expect, test } from 'vitest';
import { drop, outbox, put, waiting } from './outbox';

const leaving = { key: 'k', text: 'Hello ', imageIds: [], previews: [], after: 4, why: null };

test('a message is put in once and changes', () => {
  put('c', leaving);
  put('c', { ...leaving, why: 'no' });
  expect(outbox('c').get()).toEqual([{ ...leaving, why: 'no' }]);
  drop('c', 'k');
  expect(outbox('c').get()).toEqual([]);
});

test('what has arrived by a live event is not shown twice', () => {
  expect(waiting([leaving], [{ sequence: 4, text: 'Hello', own: true }])).toEqual([leaving]);
  expect(waiting([leaving], [{ sequence: 5, text: 'Hello', own: false }])).toEqual([leaving]);
  expect(waiting([leaving], [{ sequence: 5, text: 'Hello', own: true }])).toEqual([]);
});
