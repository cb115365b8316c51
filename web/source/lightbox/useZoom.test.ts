import { expect, test } from 'vitest';
import { moved, WHOLE, type Zoom, zoomed } from './useZoom';

const stage = { width: 800, height: 600 };

test('what is under the fingers stays there', () => {
  const at = { x: 100, y: -50 };
  const now = zoomed(zoomed(WHOLE, 2, at), 1.5, at);
  // A point of the picture p is shown at p * scale + offset; the one at `at` was p = at.
  expect(at.x * now.scale + now.x).toBeCloseTo(at.x);
  expect(at.y * now.scale + now.y).toBeCloseTo(at.y);
});

test('never smaller than whole, never larger than four times, and whole again in the middle', () => {
  expect(zoomed(WHOLE, 0.1, { x: 9, y: 9 })).toEqual(WHOLE);
  expect(zoomed(WHOLE, 100, { x: 0, y: 0 }).scale).toBe(4);
  expect(zoomed({ scale: 2, x: 300, y: 5 }, 0.4, { x: 0, y: 0 })).toEqual(WHOLE);
});

test('a picture is not dragged off its stage', () => {
  const now: Zoom = { scale: 2, x: 0, y: 0 };
  expect(moved(now, 1e6, -1e6, stage)).toEqual({ scale: 2, x: 400, y: -300 });
  expect(moved(WHOLE, 50, 50, stage)).toEqual({ scale: 1, x: 0, y: 0 });
});
