import { beforeEach, expect, test } from 'vitest';
import { chosenOf, deedsOf, type Engines } from './useEngines';
import {
  ASPECTS,
  aspectOf,
  type Can,
  fitted,
  inputOf,
  isSeed,
  isStyleCode,
  keepWish,
  keptWish,
  PLAIN,
  side,
  sizeOf,
  type Wish,
  withoutPicture,
  withPicture,
} from './wish';

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
  supportsGeneration: true,
  supportsEdits: maxCount === 4,
  supportsVariations: false,
  supportsBackgroundRemoval: false,
  supportsNegativePrompts: false,
  upscaleFactors: maxCount === 2 ? [2, 4] : [],
  qualities: [],
  outputFormats: ['png'],
  supportsMasks: maxCount === 4,
  supportsGuides: false,
  supportsStyleCodes: maxCount === 4,
  maxReferences: maxCount === 4 ? 2 : 0,
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

test('a kept style stays where the model reads style codes', () => {
  const wish = { ...PLAIN, style: 'fs-0123456789ab', styleName: 'Dusk' };
  expect(fitted(wish, models[0] as Can).style).toBe('fs-0123456789ab');
  expect(fitted(wish, models[1] as Can).style).toBe('');
  expect(['fs-0123456789ab', 'fs-0123456789abc', 'fs1-x', 'ink', 'fs-0123456789il'].map(isStyleCode)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
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

test('each deed sends what its mutation takes and nothing else', () => {
  const wish = { ...PLAIN, prompt: 'bluer', imageId: 'image_1', count: 2, scale: 4, strength: 30, width: 640 };
  expect(inputOf({ ...wish, deed: 'GENERATE' })).not.toHaveProperty('imageId');
  expect(inputOf({ ...wish, deed: 'EDIT' })).toMatchObject({ imageId: 'image_1', prompt: 'bluer', count: 2 });
  expect(inputOf({ ...wish, deed: 'EDIT' })).not.toHaveProperty('width');
  expect(inputOf({ ...wish, deed: 'VARY', prompt: '' })).toMatchObject({ prompt: null, strength: 0.3 });
  expect(Object.keys(inputOf({ ...wish, deed: 'UPSCALE' })).sort()).toEqual(
    ['engine', 'imageId', 'model', 'outputFormat', 'scale'].sort(),
  );
  expect(Object.keys(inputOf({ ...wish, deed: 'REMOVE_BACKGROUND' }))).not.toContain('prompt');
});

test('a picture is worked on until it is let go of, and a kept wish without its picture makes anew', () => {
  const work = withPicture({ ...PLAIN, prompt: 'a heron', seed: '7' }, 'image_1', 'VARY');
  expect(work).toMatchObject({ deed: 'VARY', imageId: 'image_1', prompt: '', seed: '', count: 1 });
  expect(withoutPicture(work)).toMatchObject({ deed: 'GENERATE', imageId: '' });
  keepWish('user_1', work);
  expect(keptWish('user_1')).toEqual(work);
  keepWish('user_1', { ...work, imageId: '' });
  expect(keptWish('user_1').deed).toBe('GENERATE');
  keepWish('user_1', { ...work, deed: 'BREW' as never });
  expect(keptWish('user_1').deed).toBe('GENERATE');
});

test('the maker that is chosen can do what is wanted, and the cost is what it takes', () => {
  const [painter, , enlarger] = models as [Can, Can, Can];
  const engines = [
    { name: 'away', available: false, models: [{ name: 'a', capabilities: painter }] },
    { name: 'here', available: true, models: [{ name: 'h', capabilities: { ...painter, supportsEdits: false } }] },
    { name: 'large', available: true, models: [{ name: 'l', capabilities: enlarger }] },
  ] as unknown as Engines;
  const named = (deed: Wish['deed'], engine = '', model = '') =>
    chosenOf(engines, { deed, engine, model })?.engine.name;
  expect(named('GENERATE')).toBe('here');
  expect(named('GENERATE', 'away', 'a')).toBe('away');
  expect(named('EDIT', 'here', 'h')).toBe('away');
  expect(named('UPSCALE')).toBe('large');
  expect(named('VARY')).toBeUndefined();
  expect(deedsOf(engines)).toEqual(['EDIT', 'UPSCALE']);
  expect(fitted({ ...PLAIN, scale: 3 }, enlarger).scale).toBe(2);
});
