import { expect, test } from 'vitest';
import { settingsOf, withPreset } from './preset';
import { PLAIN } from './wish';

test('what was settled comes back, and the words of the moment stay', () => {
  const wish = {
    ...PLAIN,
    engine: 'atelier',
    model: 'atelier-1',
    width: 1344,
    height: 768,
    style: 'ink',
    count: 2,
    transparent: true,
  };
  const settings = settingsOf({ ...wish, prompt: 'a heron', seed: '7' });
  expect(settings.map(({ name }) => name)).not.toContain('SEED');
  const other = { ...PLAIN, prompt: 'a fox', seed: '9', negative: 'text' };
  expect(withPreset(other, '', settings)).toEqual({ ...wish, prompt: 'a fox', seed: '9', negative: '' });
});

test('a template takes the words in, wherever it says so', () => {
  const wish = { ...PLAIN, prompt: ' a fox ' };
  expect(withPreset(wish, '{prompt}, ink on paper', []).prompt).toBe('a fox, ink on paper');
  expect(withPreset(wish, 'ink on paper', []).prompt).toBe('a fox, ink on paper');
  expect(withPreset({ ...PLAIN }, 'ink on paper', []).prompt).toBe('ink on paper');
  expect(withPreset({ ...PLAIN, prompt: '$& and $1' }, '{prompt}', []).prompt).toBe('$& and $1');
});

test('what cannot be read is passed over', () => {
  const settings = [
    { name: 'WIDTH', value: 'wide' },
    { name: 'COUNT', value: '-3' },
    { name: 'BREW', value: 'tea' },
  ];
  expect(withPreset(PLAIN, '', settings)).toEqual(PLAIN);
});
