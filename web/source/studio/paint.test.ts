import { expect, test } from 'vitest';
import { BLANK, begun, drawnTo, isBlank, type Painting, pointAt, redone, type Stroke, undone } from './paint';

const stroke = (erase = false): Stroke => ({ erase, size: 10, colour: '#000', points: [[1, 1]] });

test('a stroke grows point by point, and a pointer that rests adds nothing', () => {
  let now = begun(BLANK, stroke());
  now = drawnTo(drawnTo(drawnTo(now, [2, 2]), [2, 2]), [3, 1]);
  expect(now.strokes.map(({ points }) => points)).toEqual([
    [
      [1, 1],
      [2, 2],
      [3, 1],
    ],
  ]);
  expect(drawnTo(BLANK, [1, 1])).toBe(BLANK);
});

test('what was taken back comes again until something new is painted', () => {
  const two = begun(begun(BLANK, stroke()), stroke(true));
  const none = undone(undone(two));
  expect(none.strokes).toEqual([]);
  expect(undone(none)).toBe(none);
  expect(redone(redone(none))).toEqual(two);
  expect(redone(two)).toBe(two);
  const other: Painting = begun(undone(two), stroke());
  expect(redone(other)).toBe(other);
});

test('erasing alone paints nothing', () => {
  expect(isBlank(BLANK)).toBe(true);
  expect(isBlank(begun(BLANK, stroke(true)))).toBe(true);
  expect(isBlank(begun(begun(BLANK, stroke(true)), stroke()))).toBe(false);
});

test('a place on the screen is a pixel of the picture, never beside it', () => {
  const box = { left: 100, top: 50, width: 200, height: 100 };
  expect(pointAt({ clientX: 200, clientY: 100 }, box, 1000, 500)).toEqual([500, 250]);
  expect(pointAt({ clientX: 0, clientY: 1000 }, box, 1000, 500)).toEqual([0, 500]);
});
