import { beforeEach, expect, test } from 'vitest';
import { ASPECTS, aspectOf, type Can, fitted, inputOf, isSeed, keepWish, keptWish, PLAIN, side, sizeOf } from './wish';

beforeEach(() => localStorage.clear());

const models: Can[] = [
  [256, 1536, 64, 4],
  [512, 512, 512, 1],
  [300, 1000, 7, 2],
  [1024, 2048, 16, 1],
].map(([minSide, maxSide, sideStep, maxCount]) => ({
  minSide: minSide as number,
  maxSide: maxSide as number,
  sideStep: sideStep as number,
  maxCount: maxCount as number,
  supportsSeeds: maxCount === 4,
  supportsTransparentBackground: maxCount === 4,
  styles: maxCount === 4 ? ['ink'] : [],
}));

const allowed = (size: number, can: Can) => size >= can.minSide && size <= can.maxSide && size % can.sideStep === 0;

test('every shape and every wanted side becomes one that the model takes', () => {
  for (const can of models) {
    for (const aspect of ASPECTS) {
      const { width, height } = sizeOf(aspect, can);
      expect([aspect, width, height, allowed(width, can), allowed(height, can)]).toEqual([
        aspect,
        width,
        height,
        true,
        true,
      ]);
    }
    for (const wanted of [-5, 0, 1, 299, 1023.5, 1e9, Number.NaN]) expect(allowed(side(wanted, can), can)).toBe(true);
  }
});

test('the usual model gives the usual shapes', () => {
  const can = models[0] as Can;
  expect(sizeOf('1:1', can)).toEqual({ width: 1024, height: 1024 });
  expect(sizeOf('16:9', can)).toEqual({ width: 1344, height: 768 });
  expect(aspectOf({ width: 768, height: 1344 }, can)).toBe('9:16');
  expect(aspectOf({ width: 256, height: 1024 }, can)).toBeNull();
});

test('what a model cannot do is taken out of the wish', () => {
  const wish = { ...PLAIN, width: 777, count: 4, seed: '7', style: 'ink', transparent: true };
  expect(fitted(wish, models[0] as Can)).toEqual({ ...wish, width: 768 });
  expect(fitted(wish, models[1] as Can)).toMatchObject({
    width: 512,
    count: 1,
    seed: '',
    style: '',
    transparent: false,
  });
});

test('a seed is a whole number of 63 bits', () => {
  expect(['', '0', '9223372036854775807'].every(isSeed)).toBe(true);
  expect(['-1', '1.5', 'x', '9223372036854775808', '00000000000000000000'].some(isSeed)).toBe(false);
});

test('what was wished for survives a reload, and what cannot be read does not hurt', () => {
  const wish = { ...PLAIN, prompt: 'a heron', count: 3 };
  keepWish('user_1', wish);
  expect(keptWish('user_1')).toEqual(wish);
  expect(keptWish('user_2')).toEqual(PLAIN);
  localStorage.setItem('fresque.draft.user_1.studio', '{"prompt":3,"count":2}');
  expect(keptWish('user_1')).toEqual({ ...PLAIN, count: 2 });
  localStorage.setItem('fresque.draft.user_1.studio', '{');
  expect(keptWish('user_1')).toEqual(PLAIN);
  expect(inputOf({ ...PLAIN, prompt: 'x', transparent: true })).toMatchObject({
    seed: null,
    background: 'transparent',
  });
});
