import { useMemo } from 'react';
import { type Language, useLanguage } from './language';

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 86_400;
const WEEK_SECONDS = 604_800;

const NOW: Record<Language, string> = { en: 'now', fr: 'à l’instant' };

export type Format = {
  /** How long ago, as short as beside a name: "now", "3m", "5h", "yesterday", then the day. */
  ago: (moment: string, now?: number) => string;
  /** How long ago in a sentence: "3 minutes ago", "yesterday". */
  since: (moment: string, now?: number) => string;
  /** How long until then: "in 3 minutes". */
  ahead: (seconds: number) => string;
  /** The whole date and time. */
  moment: (moment: string) => string;
  /** Month and year. */
  month: (moment: string) => string;
  /** Day and month, for what is near. */
  dayMonth: (moment: string) => string;
  /** The day with its year. */
  day: (moment: string) => string;
  /** 1234 as "1.2K": for counts beside icons. */
  compact: (count: number) => string;
  number: (count: number) => string;
};

/** The language as it is written where the reader is: "en" of a Briton is "en-GB", with the day before the month. */
export function regional(language: Language, wishes: readonly string[] = navigator.languages ?? []): string {
  return wishes.find((wish) => wish.split('-')[0] === language) ?? language;
}

function make(language: Language): Format {
  const region = regional(language);
  const short = (unit: 'minute' | 'hour' | 'day') =>
    new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: language === 'fr' ? 'short' : 'narrow' });
  const [minutes, hours, days] = [short('minute'), short('hour'), short('day')];
  const wordy = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const compact = new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 });
  const number = new Intl.NumberFormat(language);
  const moment = new Intl.DateTimeFormat(region, { dateStyle: 'long', timeStyle: 'short' });
  const day = new Intl.DateTimeFormat(region, { dateStyle: 'long' });
  const dayMonth = new Intl.DateTimeFormat(region, { day: 'numeric', month: 'long' });
  const month = new Intl.DateTimeFormat(region, { month: 'long', year: 'numeric' });
  const near = new Intl.DateTimeFormat(region, { day: 'numeric', month: 'short' });
  const far = new Intl.DateTimeFormat(region, { day: 'numeric', month: 'short', year: 'numeric' });
  return {
    ago: (text, now = Date.now()) => {
      const seconds = secondsSince(text, now);
      if (seconds < MINUTE_SECONDS) return NOW[language];
      if (seconds < HOUR_SECONDS) return minutes.format(Math.floor(seconds / MINUTE_SECONDS));
      if (seconds < DAY_SECONDS) return hours.format(Math.floor(seconds / HOUR_SECONDS));
      if (seconds < 2 * DAY_SECONDS) return wordy.format(-1, 'day');
      if (seconds < WEEK_SECONDS) return days.format(Math.floor(seconds / DAY_SECONDS));
      const then = new Date(text);
      return (then.getFullYear() === new Date(now).getFullYear() ? near : far).format(then);
    },
    since: (text, now = Date.now()) => {
      const seconds = secondsSince(text, now);
      if (seconds < MINUTE_SECONDS) return NOW[language];
      if (seconds < HOUR_SECONDS) return wordy.format(-Math.floor(seconds / MINUTE_SECONDS), 'minute');
      if (seconds < DAY_SECONDS) return wordy.format(-Math.floor(seconds / HOUR_SECONDS), 'hour');
      if (seconds < 4 * WEEK_SECONDS) return wordy.format(-Math.floor(seconds / DAY_SECONDS), 'day');
      return day.format(new Date(text));
    },
    ahead: (seconds) =>
      seconds < MINUTE_SECONDS
        ? wordy.format(Math.ceil(seconds), 'second')
        : wordy.format(Math.ceil(seconds / MINUTE_SECONDS), 'minute'),
    moment: (text) => moment.format(new Date(text)),
    dayMonth: (text) => dayMonth.format(new Date(text)),
    month: (text) => month.format(new Date(text)),
    day: (text) => day.format(new Date(text)),
    compact: (count) => compact.format(count),
    number: (count) => number.format(count),
  };
}

function secondsSince(text: string, now: number): number {
  return Math.max(0, Math.round((now - new Date(text).getTime()) / 1000)); // a server's clock may be ahead of ours
}

const made = new Map<Language, Format>();

/** Dates and numbers as a language writes them. */
export function formatFor(language: Language): Format {
  const found = made.get(language) ?? make(language);
  made.set(language, found);
  return found;
}

/** Dates and numbers as the reader's language writes them. */
export function useFormat(): Format {
  const language = useLanguage();
  return useMemo(() => formatFor(language), [language]);
}
