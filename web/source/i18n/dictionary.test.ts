import { expect, test } from 'vitest';
import { apps as appsEnglish } from './apps.en';
import { apps as appsFrench } from './apps.fr';
import { automod as automodEnglish } from './automod.en';
import { automod as automodFrench } from './automod.fr';
import { custom as customEnglish } from './custom.en';
import { custom as customFrench } from './custom.fr';
import { en } from './en';
import { entry as entryEnglish } from './entry.en';
import { entry as entryFrench } from './entry.fr';
import { fr } from './fr';
import { labelers as labelersEnglish } from './labelers.en';
import { labelers as labelersFrench } from './labelers.fr';
import { moderation as moderationEnglish } from './moderation.en';
import { moderation as moderationFrench } from './moderation.fr';
import { security as securityEnglish } from './security.en';
import { security as securityFrench } from './security.fr';

import { webhooks as webhooksEnglish } from './webhooks.en';
import { webhooks as webhooksFrench } from './webhooks.fr';

const SAMPLE = [3, 2, 8];

/** Every text with the way to it; functions are asked with small numbers. */
function texts(part: unknown, way: string): [string, string][] {
  if (typeof part === 'string') return [[way, part]];
  if (typeof part === 'function') return [[way, String((part as (...given: number[]) => unknown)(...SAMPLE))]];
  return Object.entries(part as object).flatMap(([name, value]) => texts(value, way ? `${way}.${name}` : name));
}

const english = [
  ...texts(en, ''),
  ...texts(customEnglish, 'custom'),
  ...texts(appsEnglish, 'apps'),
  ...texts(webhooksEnglish, 'webhooks'),
  ...texts(securityEnglish, 'security'),
  ...texts(entryEnglish, 'entry'),
  ...texts(labelersEnglish, 'labelers'),
  ...texts(moderationEnglish, 'moderation'),
  ...texts(automodEnglish, 'automod'),
];
const french = [
  ...texts(fr, ''),
  ...texts(customFrench, 'custom'),
  ...texts(appsFrench, 'apps'),
  ...texts(webhooksFrench, 'webhooks'),
  ...texts(securityFrench, 'security'),
  ...texts(entryFrench, 'entry'),
  ...texts(labelersFrench, 'labelers'),
  ...texts(moderationFrench, 'moderation'),
  ...texts(automodFrench, 'automod'),
];

test('both languages say the same things', () => {
  expect(french.map(([way]) => way)).toEqual(english.map(([way]) => way));
});

test.each([...english, ...french])('%s is written out: %s', (_, text) => {
  expect(text.trim()).toBe(text);
  expect(text).not.toMatch(/undefined|\[object|\.\.\.|'| {2}| …/);
});

test.each(french)('%s has French spaces: %s', (_, text) => {
  expect(text).not.toMatch(/[^\S\u00a0\u202f][;:!?»%](?!\/)/); // no break before what stands high, nor before a percent sign
  expect(text).not.toMatch(/[^\s\d/][;!?»]|«\S/); // and there is a space
  expect(text).not.toMatch(/\p{L}:(?!\/\/|\p{L})/u); // but for addresses and operators (has:image)
});

test.each(english)('%s has no French spaces: %s', (_, text) => {
  expect(text).not.toMatch(/\s[;:!?%]/);
});
