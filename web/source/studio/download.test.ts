import { expect, test } from 'vitest';
import { fileName } from './download';

test('a file is named after its words, as every system takes it', () => {
  expect(fileName('A heron, at dawn!')).toBe('a-heron-at-dawn');
  expect(fileName('../../étoile: 夜')).toBe('étoile-夜');
  expect(fileName('?!')).toBe('fresque');
  expect(fileName(`${'a'.repeat(59)} b`)).toBe('a'.repeat(59));
});
