import { regional } from '~/i18n/format';
import { language } from '~/i18n/language';

const MINUTE_MILLISECONDS = 60_000;
/** The server takes a minute and a year: what is offered lies within, however the clocks differ a little. */
export const SOONEST_MILLISECONDS = 2 * MINUTE_MILLISECONDS;
export const LATEST_MILLISECONDS = 365 * 86_400_000;
const MORNING_HOUR = 9;

/** Whether something can be posted at this moment. */
export function isPossible(moment: number, now: number = Date.now()): boolean {
  const ahead = moment - now;
  return Number.isFinite(moment) && ahead > MINUTE_MILLISECONDS && ahead <= LATEST_MILLISECONDS;
}

/** A moment as a field for date and time writes it: the reader's own time, without a zone. */
export function local(moment: number): string {
  const there = new Date(moment);
  return new Date(moment - there.getTimezoneOffset() * MINUTE_MILLISECONDS).toISOString().slice(0, 16);
}

/** What is often wanted, from now on: by the reader's clock, also where that is moved in between. */
export const SUGGESTED = {
  hour: (now: number) => now + 60 * MINUTE_MILLISECONDS,
  tomorrow: (now: number) => morning(now, 1),
  monday: (now: number) => morning(now, (8 - new Date(now).getDay()) % 7 || 7),
};

function morning(now: number, days: number): number {
  const then = new Date(now);
  then.setDate(then.getDate() + days);
  return then.setHours(MORNING_HOUR, 0, 0, 0);
}

/** The reader's zone as it is called at a moment: it differs in summer. */
export function zoneAt(moment: number): string {
  const parts = new Intl.DateTimeFormat(regional(language()), { timeZoneName: 'long' }).formatToParts(moment);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
}
