import { expect, test } from 'vitest';
import { chosenOf, EVENTS, legible, reasonOf, toggled } from './events';

test('what is chosen keeps the order it is offered in', () => {
  expect(chosenOf(['GENERATION_FAILED', 'LATER', 'TEST', 'GENERATION_OUTPUT_KEPT'])).toEqual([
    'GENERATION_OUTPUT_KEPT',
    'GENERATION_FAILED',
  ]);
  expect(toggled(['GENERATION_FAILED'], 'GENERATION_OUTPUT_KEPT')).toEqual([
    'GENERATION_OUTPUT_KEPT',
    'GENERATION_FAILED',
  ]);
  expect(toggled(EVENTS, 'GENERATION_FAILED')).toHaveLength(EVENTS.length - 1);
  expect(toggled(['GENERATION_FAILED'], 'GENERATION_FAILED')).toEqual([]);
});

test('why it is off is known by what the house says', () => {
  expect(reasonOf('The address answered 410: it is gone and wants nothing more.')).toBe('offGone');
  expect(reasonOf('It took nothing for 3 days. The last try: 500.')).toBe('offSilent');
  expect(reasonOf('Its owner turned it off.')).toBe('offByOwner');
});

test('a body is set out where it is JSON', () => {
  expect(legible('{"a":{"b":1}}')).toBe('{\n  "a": {\n    "b": 1\n  }\n}');
  expect(legible('<html>')).toBe('<html>');
});
