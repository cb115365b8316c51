/** What a webhook may be told, in the order it is offered; a test is sent when it is asked for, whatever is chosen. */
export const EVENTS = [
  'GENERATION_OUTPUT_KEPT',
  'GENERATION_SUCCEEDED',
  'GENERATION_PARTIAL',
  'GENERATION_FAILED',
  'GENERATION_BLOCKED',
  'GENERATION_CANCELLED',
  'GENERATION_EXPIRED',
  'GENERATION_TIMED_OUT',
] as const;

export type Told = (typeof EVENTS)[number];

/** The events of an answer that can be chosen, in their order; those of a later release are left out. */
export function chosenOf(events: readonly string[]): readonly Told[] {
  return EVENTS.filter((event) => events.includes(event));
}

/** The choice with this event put in or taken out, in their order. */
export function toggled(chosen: readonly Told[], event: Told): readonly Told[] {
  return EVENTS.filter((one) => (one === event ? !chosen.includes(one) : chosen.includes(one)));
}

/** Why a webhook is off, in which of our words. */
export const OFF: Readonly<Record<string, 'offByOwner' | 'offGone' | 'offSilent'>> = {
  BY_OWNER: 'offByOwner',
  GONE: 'offGone',
  SILENT: 'offSilent',
};

/** JSON as people read it; what is none, as it is. */
export function legible(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
