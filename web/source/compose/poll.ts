import { measure } from './measure';

/** A poll as it is typed. */
export type PollDraft = {
  readonly options: readonly string[];
  readonly minutes: number;
  readonly multiple: boolean;
  readonly hidesResults: boolean;
};

export const FEWEST_OPTIONS = 2;
export const MOST_OPTIONS = 4;
export const LONGEST_OPTION = 50;
export const DAY_MINUTES = 1_440;
export const NEW_POLL: PollDraft = { options: ['', ''], minutes: DAY_MINUTES, multiple: false, hidesResults: false };
/** For how long a poll may be open here, in minutes; the server takes anything from 5 minutes to 7 days. */
export const TIMES: readonly number[] = [5, 30, 60, 6 * 60, 12 * 60, DAY_MINUTES, 3 * DAY_MINUTES, 7 * DAY_MINUTES];

/** The answers that say something. */
function said({ options }: PollDraft): string[] {
  return options.map((one) => one.trim().replace(/\s+/g, ' ')).filter(Boolean);
}

/** Whether a poll can be asked so: enough answers, none too long, no two alike. */
export function isAskable(poll: PollDraft): boolean {
  const options = said(poll);
  const alike = new Set(options.map((one) => one.normalize('NFKC').toLowerCase()));
  return (
    options.length >= FEWEST_OPTIONS &&
    alike.size === options.length &&
    options.every((one) => measure(one) <= LONGEST_OPTION)
  );
}

/** What the API is given of it. */
export function pollInput(poll: PollDraft | null) {
  return (
    poll && { options: said(poll), minutes: poll.minutes, multiple: poll.multiple, hidesResults: poll.hidesResults }
  );
}

/** The time that is offered next to this many minutes. */
export function nearestTime(minutes: number): number {
  return TIMES.find((one) => one >= minutes) ?? 7 * DAY_MINUTES;
}

/** A poll out of what was kept; null when it is not to be understood. */
export function thawedPoll(value: unknown): PollDraft | null {
  const { options, minutes, multiple, hidesResults } = (value ?? {}) as Record<string, unknown>;
  if (!Array.isArray(options) || !options.every((one) => typeof one === 'string')) return null;
  return {
    options: options.slice(0, MOST_OPTIONS),
    minutes: TIMES.find((one) => one === minutes) ?? DAY_MINUTES,
    multiple: multiple === true,
    hidesResults: hidesResults === true,
  };
}
