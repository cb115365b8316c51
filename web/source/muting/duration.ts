/** For how long one can mute, in seconds; null is for good. */
export const DURATIONS = { h1: 3_600, h24: 86_400, d7: 604_800, d30: 2_592_000, ever: null } as const;

export type Duration = keyof typeof DURATIONS;

export const EVERY = Object.keys(DURATIONS) as Duration[];

/** What an input says of it: nothing where it is for good. */
export function lasting(duration: Duration): { durationSeconds?: number } {
  const seconds = DURATIONS[duration];
  return seconds === null ? {} : { durationSeconds: seconds };
}
