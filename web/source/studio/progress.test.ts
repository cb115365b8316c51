import { expect, test } from 'vitest';
import { type Heard, heard, isOpen, NOTHING_HEARD, type Progress } from './progress';

const signal = (
  fraction: number | null,
  outputIndex: number | null = null,
  previewUrl: string | null = null,
): Heard => ({
  is: 'signal',
  fraction,
  phase: 'painting',
  previewUrl,
  outputIndex,
});
const job = (attempt: number, fraction: number | null = null): Heard => ({ is: 'job', attempt, fraction, phase: null });

test('a job begins, shows partial pictures and fills its bar', () => {
  const now = [job(1), signal(0.2), signal(0.5, 1, 'a'), signal(0.6, 1, 'b')].reduce(heard, NOTHING_HEARD);
  expect(now).toEqual({ fraction: 0.6, phase: 'painting', previews: { 1: 'b' }, attempt: 1 });
});

test('a new attempt begins its bar anew and keeps what is seen', () => {
  const now = [job(1), signal(0.8, 0, 'a'), job(2)].reduce(heard, NOTHING_HEARD);
  expect(now).toEqual({ fraction: null, phase: null, previews: { 0: 'a' }, attempt: 2 });
  expect(heard(now, job(1, 0.9))).toBe(now);
});

test('in every order: the bar stays within bounds, never falls within an attempt, and no partial picture is lost', () => {
  const events = [
    job(1),
    job(2),
    job(2, 0.4),
    signal(0.1, 0, 'a'),
    signal(2, 3, 'b'),
    signal(-1),
    signal(Number.NaN),
    signal(null, 2, 'c'),
  ];
  let seed = 3;
  for (let round = 0; round < 500; round += 1) {
    let now: Progress = NOTHING_HEARD;
    for (let length = 0; length < 10; length += 1) {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      const next = heard(now, events[seed % events.length] as Heard);
      if (next.fraction !== null) expect(next.fraction >= 0 && next.fraction <= 1).toBe(true);
      if (next.attempt === now.attempt) expect(next.fraction ?? 0).toBeGreaterThanOrEqual(now.fraction ?? 0);
      expect(next.attempt).toBeGreaterThanOrEqual(now.attempt);
      for (const index of Object.keys(now.previews)) expect(next.previews).toHaveProperty(index);
      now = next;
    }
  }
});

test('only three states go on', () => {
  const states = [
    'QUEUED',
    'RUNNING',
    'IN_REVIEW',
    'SUCCEEDED',
    'PARTIAL',
    'FAILED',
    'BLOCKED',
    'CANCELLED',
    'EXPIRED',
    'TIMED_OUT',
  ];
  expect(states.filter(isOpen)).toEqual(['QUEUED', 'RUNNING', 'IN_REVIEW']);
});
