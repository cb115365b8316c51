import { afterAll, beforeAll, expect, test } from 'vitest';
import { isPossible, LATEST_MILLISECONDS, local, SUGGESTED, zoneAt } from './moment';

const HOUR_MILLISECONDS = 3_600_000;
const before = process.env.TZ;
beforeAll(() => {
  process.env.TZ = 'Europe/Paris';
});
afterAll(() => {
  process.env.TZ = before;
});

test('a moment is written in the time of the place, in winter and in summer', () => {
  expect(local(Date.UTC(2027, 0, 5, 8, 30))).toBe('2027-01-05T09:30');
  expect(local(Date.UTC(2027, 6, 5, 8, 30))).toBe('2027-07-05T10:30');
});

test('an hour that a place passes over is the one after it, and one that comes twice is the first', () => {
  expect(local(new Date('2027-03-28T02:30').getTime())).toBe('2027-03-28T03:30');
  expect(new Date('2027-10-31T02:30').getTime()).toBe(Date.UTC(2027, 9, 31, 0, 30));
  expect(zoneAt(Date.UTC(2027, 9, 31, 0, 30))).not.toBe(zoneAt(Date.UTC(2027, 9, 31, 1, 30)));
});

test('tomorrow morning is nine o’clock, also where the clock is moved in the night', () => {
  for (const day of [Date.UTC(2027, 2, 27, 12), Date.UTC(2027, 9, 30, 12), Date.UTC(2027, 1, 27, 12)])
    expect(local(SUGGESTED.tomorrow(day)).slice(11)).toBe('09:00');
  expect(local(SUGGESTED.tomorrow(Date.UTC(2027, 1, 28, 12)))).toBe('2027-03-01T09:00');
});

test('Monday is the next one, never today', () => {
  const monday = Date.UTC(2027, 0, 4, 3);
  for (let day = 0; day < 7; day += 1)
    expect(local(SUGGESTED.monday(monday + day * 24 * HOUR_MILLISECONDS))).toBe('2027-01-11T09:00');
});

test('what is past, at once, beyond a year or no time at all cannot be chosen', () => {
  const now = Date.UTC(2027, 0, 1);
  for (const moment of [now - 1, now, now + 60_000, now + LATEST_MILLISECONDS + 1, Number.NaN])
    expect(isPossible(moment, now)).toBe(false);
  for (const moment of [now + 60_001, now + LATEST_MILLISECONDS]) expect(isPossible(moment, now)).toBe(true);
});
