import { expect, test } from 'vitest';
import { creditsMoved, quoteInputOf, spendings } from './quote';
import { PLAIN } from './wish';

test('a quote is asked for by what its price depends on, not by words', () => {
  const wish = { ...PLAIN, engine: 'atelier', model: 'fresco', prompt: 'A heron', count: 3 };
  expect(quoteInputOf(wish)).toEqual({
    kind: 'GENERATE',
    engine: 'atelier',
    model: 'fresco',
    quality: null,
    count: 3,
    width: 1_024,
    height: 1_024,
  });
  expect(quoteInputOf({ ...wish, prompt: 'Two herons', seed: '7', negative: 'mist' })).toEqual(quoteInputOf(wish));
});

test('work on a picture names it, has its size, and enlarging makes one', () => {
  const wish = { ...PLAIN, deed: 'UPSCALE' as const, imageId: 'img_1', scale: 4, count: 3 };
  expect(quoteInputOf(wish)).toMatchObject({ kind: 'UPSCALE', imageId: 'img_1', scale: 4, count: 1 });
  expect(quoteInputOf(wish)).not.toHaveProperty('width');
});

test('whoever shows credits hears that they moved', () => {
  let heard = 0;
  const leave = spendings.subscribe(() => {
    heard += 1;
  });
  creditsMoved();
  creditsMoved();
  leave();
  creditsMoved();
  expect(heard).toBe(2);
});
