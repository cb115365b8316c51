import { expect, test } from 'vitest';
import { FIRST, isSettled, mayTryAgain, step, type UploadEvent, type UploadState } from './upload';

const all: UploadEvent[] = [
  { is: 'sent', bytes: 10, of: 100 },
  { is: 'sent', bytes: 90, of: 100 },
  { is: 'arrived' },
  { is: 'kept', imageId: 'image_1' },
  { is: 'refused', why: 'network' },
  { is: 'refused', why: 'type' },
  { is: 'again' },
];
const run = (events: readonly UploadEvent[]): UploadState => events.reduce(step, FIRST);

test('the way of a picture that is kept', () => {
  expect(run(all.slice(0, 2))).toEqual({ at: 'sending', fraction: 0.9 });
  expect(run(all.slice(0, 3))).toEqual({ at: 'checking' });
  expect(run(all.slice(0, 4))).toEqual({ at: 'kept', imageId: 'image_1' });
});

test('only what may go better is tried again', () => {
  expect(run([{ is: 'refused', why: 'network' }, { is: 'again' }])).toEqual(FIRST);
  expect(run([{ is: 'refused', why: 'type' }, { is: 'again' }])).toEqual({ at: 'refused', why: 'type' });
});

test('in every order of events: what is settled stays so unless it is tried again, and the bar never falls', () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed % below;
  };
  for (let round = 0; round < 500; round += 1) {
    let state: UploadState = FIRST;
    for (let length = 0; length < 12; length += 1) {
      const event = all[random(all.length)] as UploadEvent;
      const next = step(state, event);
      if (state.at === 'kept') expect(next).toBe(state);
      if (isSettled(state) && next !== state) {
        expect(state.at === 'refused' && mayTryAgain(state.why) && event.is === 'again').toBe(true);
      }
      if (state.at === 'sending' && next.at === 'sending') expect(next.fraction).toBeGreaterThanOrEqual(state.fraction);
      if (state.at === 'checking') expect(next.at).not.toBe('sending');
      state = next;
    }
  }
});
