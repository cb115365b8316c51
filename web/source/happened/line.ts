import type { Dictionary } from '~/i18n/en';
import type { Format } from '~/i18n/format';

/** One thing that happened to a job, as the API tells it. */
export type Happening = {
  readonly sequence: number;
  readonly at: string;
  readonly kind: string;
  readonly attempt?: number | null | undefined;
  readonly outputIndex?: number | null | undefined;
  readonly state?: string | null | undefined;
  readonly until?: string | null | undefined;
  readonly credits?: number | null | undefined;
  readonly failure?: { readonly code: string } | null | undefined;
};

type Words = Dictionary['happened'];

/** Why something was not made, in the reader's words. */
export function whyOf(code: string, text: Words): string {
  return text.failures[code] ?? text.unknown;
}

/** What a line of the timeline says, and what it adds: which try, until when, how much, why. */
export function lineOf(line: Happening, text: Words, format: Format): { what: string; more: readonly string[] } {
  const { kind, attempt, outputIndex, state, until, credits, failure } = line;
  const said = (kind === 'ENDED' && state && text.ends[state]) || text.kinds[kind] || kind;
  const what = typeof outputIndex === 'number' ? text.aPicture(outputIndex + 1, said) : said;
  const more = [
    kind === 'STARTED' && attempt && attempt > 1 ? text.attempt(attempt) : '',
    typeof credits === 'number' ? text.credits(credits) : '',
    failure ? whyOf(failure.code, text) : '',
    until ? text.until(format.moment(until)) : '',
  ];
  return { what, more: more.filter(Boolean) };
}

/** How long after the first line another came, as "+0.4 s" or "+2 min": what happened is read by its pace. */
export function paceOf(first: string, at: string, format: Pick<Format, 'number'>): string {
  const seconds = Math.max(0, (Date.parse(at) - Date.parse(first)) / 1_000);
  if (seconds < 60) return `+${format.number(Math.round(seconds * 10) / 10)} s`;
  if (seconds < 3_600) return `+${format.number(Math.round(seconds / 60))} min`;
  return `+${format.number(Math.round(seconds / 360) / 10)} h`;
}
