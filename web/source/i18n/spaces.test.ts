import { expect, test } from 'vitest';
import { spaced, spacedAll } from './spaces';

test('what stands high keeps to its word', () => {
  expect(spaced('Vraiment ? Oui : « bien » ! 40 %')).toBe(
    'Vraiment\u202f? Oui\u00a0: «\u00a0bien\u00a0»\u202f! 40\u202f%',
  );
});

test('addresses and names stay as they are', () => {
  expect(spaced('https://example.org/?a=1 de @ada')).toBe('https://example.org/?a=1 de @ada');
});

test('a whole dictionary is set, lists and texts that are made with it', () => {
  const set = spacedAll({ a: ['Oui ?'], b: { c: (name: string) => `${name} ?` } });
  expect(set.a).toEqual(['Oui\u202f?']);
  expect(set.b.c('Ada')).toBe('Ada\u202f?');
});
