import { expect, test } from 'vitest';
import { chosenOf, EVENTS, legible, toggled } from './events';

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

test('a body is set out where it is JSON', () => {
  expect(legible('{"a":{"b":1}}')).toBe('{\n  "a": {\n    "b": 1\n  }\n}');
  expect(legible('<html>')).toBe('<html>');
});
