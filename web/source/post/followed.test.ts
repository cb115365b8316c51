import { expect, test } from 'vitest';
import { chooseFollowed, Known } from './followed';

const page = (count: number, from: number, to: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `p${index}`, onScreen: index >= from && index <= to }));

test('few posts are all followed, each once', () => {
  expect(chooseFollowed([...page(3, 0, 1), { id: 'p0', onScreen: false }])).toEqual(['p0', 'p1', 'p2']);
});

test('of many, those on screen and the nearest, never more than may be', () => {
  expect(chooseFollowed(page(50, 20, 21), 4)).toEqual(['p19', 'p20', 'p21', 'p22']);
  expect(chooseFollowed(page(50, 0, 0), 4)).toEqual(['p0', 'p1', 'p2', 'p3']);
  expect(chooseFollowed(page(50, 49, 49), 4)).toEqual(['p46', 'p47', 'p48', 'p49']);
});

test('posts go on from where the longest left of them was left', () => {
  const known = new Known();
  known.left(['a', 'b'], 'cursor 1');
  known.left(['b', 'c'], 'cursor 2');
  expect(known.from(['b', 'c', 'new'], 'now')).toBe('cursor 2');
  expect(known.from(['a', 'c'], 'now')).toBe('cursor 1');
  expect(known.from(['new'], 'now')).toBe('now');
});
