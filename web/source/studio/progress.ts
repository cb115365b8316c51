/** What was last heard of a job that runs: signals that are not stored, so they may come late, twice or never. */
export type Progress = {
  /** 0 to 1; null while nobody knows. */
  readonly fraction: number | null;
  readonly phase: string | null;
  /** The latest partial picture of each output. */
  readonly previews: Readonly<Record<number, string>>;
  /** Which attempt this is of; a new one begins anew. */
  readonly attempt: number;
};

export type Heard =
  | {
      readonly is: 'job';
      readonly attempt: number;
      readonly fraction: number | null | undefined;
      readonly phase: string | null | undefined;
    }
  | {
      readonly is: 'signal';
      readonly fraction: number | null | undefined;
      readonly phase: string | null | undefined;
      readonly previewUrl: string | null | undefined;
      readonly outputIndex: number | null | undefined;
    };

export const NOTHING_HEARD: Progress = { fraction: null, phase: null, previews: {}, attempt: 0 };

/** The bar never falls within an attempt; a new attempt begins anew, but its place keeps the last partial picture until there is another. */
export function heard(now: Progress, event: Heard): Progress {
  if (event.is === 'job' && event.attempt < now.attempt) return now;
  const begun =
    event.is === 'job' && event.attempt > now.attempt
      ? { ...now, fraction: null, phase: null, attempt: event.attempt }
      : now;
  const fraction = bounded(event.fraction);
  const next = {
    ...begun,
    fraction: fraction === null ? begun.fraction : Math.max(begun.fraction ?? 0, fraction),
    phase: event.phase ?? begun.phase,
  };
  if (event.is === 'job' || !event.previewUrl || typeof event.outputIndex !== 'number') return next;
  return { ...next, previews: { ...next.previews, [event.outputIndex]: event.previewUrl } };
}

function bounded(fraction: number | null | undefined): number | null {
  return typeof fraction === 'number' && Number.isFinite(fraction) ? Math.min(1, Math.max(0, fraction)) : null;
}

const OPEN = ['QUEUED', 'RUNNING', 'IN_REVIEW'];

/** Whether a job goes on. */
export const isOpen = (state: string): boolean => OPEN.includes(state);
