import { expect, test } from 'vitest';
import { masonry } from './masonry';

test('each tile goes under the shortest column, and later ones move none before', () => {
  const few = masonry([1, 0.5, 2], 210, 2, 10);
  expect(few.tiles).toEqual([
    { left: 0, top: 0, width: 100, height: 100 },
    { left: 110, top: 0, width: 100, height: 200 },
    { left: 0, top: 110, width: 100, height: 50 },
  ]);
  expect(few.height).toBe(200);
  expect(masonry([1, 0.5, 2, 1, 1], 210, 2, 10).tiles.slice(0, 3)).toEqual(few.tiles);
});

test('nothing takes no room', () => {
  expect(masonry([], 300, 3, 8)).toEqual({ tiles: [], height: 0 });
});
