import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { contrast, hex, hsl } from './contrast';

const read = (name: string) => readFileSync(`source/design/${name}`, 'utf8');
const [sheet, avatar] = [read('tokens.css'), read('Avatar.module.css')];

/** The colours that a block of the sheet sets, by name. */
function colours(block: string): Map<string, string> {
  return new Map(
    [...block.matchAll(/--([a-z-]+):\s*(#[0-9a-f]{6})\b/g)].map(([, name = '', value = '']) => [name, value]),
  );
}

const [light = '', dark = '', again = ''] = [...sheet.matchAll(/:root[^{]*\{([^{}]*--ground[^{}]*)\}/g)].map(
  ([, block = '']) => block,
);
const THEMES = { light: colours(light), dark: new Map([...colours(light), ...colours(dark)]) };

const GROUNDS = ['ground', 'surface', 'raised', 'sunken'];
const INKS = ['ink', 'ink-soft', 'ink-faint', 'accent', 'accent-strong', 'danger', 'good'];
const READ: [string, string][] = [
  ...INKS.flatMap((ink) => GROUNDS.map((ground): [string, string] => [ink, ground])),
  ['on-accent', 'accent'],
  ['on-accent', 'accent-strong'],
  ['ink', 'accent-soft'],
  ['accent-strong', 'accent-soft'],
  ['ink', 'danger-soft'],
  ['danger', 'danger-soft'],
  ['ground', 'ink'],
];
const SEEN: [string, string][] = ['focus', 'edge', 'accent'].flatMap((mark) =>
  GROUNDS.map((ground): [string, string] => [mark, ground]),
);

const cases = (pairs: [string, string][]) =>
  Object.entries(THEMES).flatMap(([theme, tokens]) => pairs.map(([one, other]) => ({ theme, one, other, tokens })));

function between(tokens: Map<string, string>, one: string, other: string): number {
  return contrast(hex(tokens.get(one) ?? ''), hex(tokens.get(other) ?? ''));
}

test('who chose dark sees what who has a dark system sees', () => {
  expect(colours(dark).size).toBeGreaterThan(10);
  expect(colours(again)).toEqual(colours(dark));
});

test.each(cases(READ))('$theme: $one can be read on $other', ({ tokens, one, other }) => {
  expect(between(tokens, one, other)).toBeGreaterThanOrEqual(4.5);
});

test.each(cases(SEEN))('$theme: $one can be told from $other', ({ tokens, one, other }) => {
  expect(between(tokens, one, other)).toBeGreaterThanOrEqual(3);
});

test('the initial of who has no picture can be read, whatever their colour', () => {
  const [, saturation = '', lightness = ''] = /background: hsl\(var\(--hue\) (\d+)% (\d+)%\)/.exec(avatar) ?? [];
  for (let hue = 0; hue < 360; hue += 5) {
    const ground = hsl(hue, Number(saturation) / 100, Number(lightness) / 100);
    expect(contrast(hex('#ffffff'), ground), `hue ${hue}`).toBeGreaterThanOrEqual(4.5);
  }
});
