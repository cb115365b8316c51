import { expect, test } from 'vitest';
import { en } from '~/i18n/en';
import { fr } from '~/i18n/fr';
import { foundOf } from './checked';

const failure = { code: 'content_blocked', stage: 'picture', categories: ['sexual'] };

test('a finding says where and what', () => {
  expect(foundOf(failure, en.checks)).toBe('The picture: sexual content');
  expect(foundOf(failure, fr.checks)).toBe(fr.checks.found('L’image', 'contenu sexuel'));
});

test('a category of an operator’s own is told as it is named', () => {
  expect(foundOf({ ...failure, categories: ['trade_secret'] }, en.checks)).toBe('The picture: trade secret');
  expect(foundOf({ ...failure, stage: null, categories: ['trade_secret'] }, en.checks)).toBe('trade secret');
});

test('what no check is the reason for says nothing', () => {
  expect(foundOf(null, en.checks)).toBeNull();
  expect(foundOf({ code: 'busy', categories: [] }, en.checks)).toBeNull();
});
