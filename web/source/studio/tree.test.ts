import { expect, test } from 'vitest';
import { type Branch, type Turn, treesOf } from './tree';

const drawn = (branches: readonly Branch<Turn>[]): unknown => branches.map(({ turn, next }) => [turn.id, drawn(next)]);

test('turns become trees, each branch in the order in which it was begun', () => {
  const turns = [
    { id: 'a', parentId: null },
    { id: 'b', parentId: 'a' },
    { id: 'c', parentId: 'a' },
    { id: 'd', parentId: 'b' },
    { id: 'e', parentId: 'not loaded' },
  ];
  expect(drawn(treesOf(turns))).toEqual([
    [
      'a',
      [
        ['b', [['d', []]]],
        ['c', []],
      ],
    ],
    ['e', []],
  ]);
});

test('nothing goes round for ever', () => {
  expect(
    treesOf([
      { id: 'a', parentId: 'b' },
      { id: 'b', parentId: 'a' },
      { id: 'c', parentId: 'c' },
    ]),
  ).toEqual([]);
  expect(treesOf([])).toEqual([]);
});
