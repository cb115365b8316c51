import { expect, test } from 'vitest';
import { namesOf, otherOf } from './people';

const people = ['ada', 'bo', 'cleo', 'dan', 'eve', 'fay'].map((handle) => ({
  user: { id: handle, handle, displayName: handle },
}));

test('others are named, as many as fit, never oneself', () => {
  expect(namesOf(people.slice(0, 3), 'bo')).toBe('ada, cleo');
  expect(namesOf(people, 'ada', 2)).toBe('bo, cleo +3');
  expect(namesOf([{ user: null }, ...people.slice(0, 1)], 'ada')).toBe('');
});

test('the other of two may be gone', () => {
  expect(otherOf(people.slice(0, 2), 'ada')?.id).toBe('bo');
  expect(otherOf(people.slice(0, 1), 'ada')).toBeUndefined();
});
