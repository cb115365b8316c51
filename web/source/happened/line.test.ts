import { expect, test } from 'vitest';
import { en } from '~/i18n/en';
import { formatFor } from '~/i18n/format';
import { fr } from '~/i18n/fr';
import { lineOf, paceOf } from './line';

const at = '2026-11-23T00:00:00Z';
const format = formatFor('en');
const said = (line: object) => lineOf({ sequence: 1, at, kind: 'ASKED', ...line }, en.happened, format);

test('a line says what happened, which picture, which try', () => {
  expect(said({})).toEqual({ what: 'Asked for', more: [] });
  expect(said({ kind: 'STARTED', attempt: 1 })).toEqual({ what: 'Started', more: [] });
  expect(said({ kind: 'STARTED', attempt: 2 })).toEqual({ what: 'Started', more: ['try 2'] });
  expect(said({ kind: 'OUTPUT_MADE', outputIndex: 1 }).what).toBe('Picture 2: Made');
  expect(lineOf({ sequence: 1, at, kind: 'OUTPUT_MADE', outputIndex: 1 }, fr.happened, format).what).toMatch(
    /^Image 2\s: Faite$/,
  );
});

test('a line says why, how much was given back, and how it ended', () => {
  expect(said({ kind: 'ENDED', state: 'FAILED', failure: { code: 'engine_fault' } })).toEqual({
    what: 'No picture was made',
    more: ['The engine stopped unexpectedly.'],
  });
  expect(said({ kind: 'REFUNDED', credits: 3 })).toEqual({ what: 'Given back', more: ['3 credits'] });
  expect(said({ kind: 'GIVEN_BACK', failure: { code: 'of_a_later_engine' } }).more).toEqual([en.happened.unknown]);
  expect(said({ kind: 'OF_A_LATER_RELEASE' }).what).toBe('OF_A_LATER_RELEASE');
});

test('its pace is told in what fits it', () => {
  expect(paceOf(at, at, format)).toBe('+0 s');
  expect(paceOf(at, '2026-11-23T00:00:01.449Z', format)).toBe('+1.4 s');
  expect(paceOf(at, '2026-11-23T00:05:10Z', format)).toBe('+5 min');
  expect(paceOf(at, '2026-11-23T02:30:00Z', format)).toBe('+2.5 h');
  expect(paceOf(at, '2026-11-22T23:00:00Z', format)).toBe('+0 s');
});
