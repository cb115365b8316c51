/**
 * Values carry a version, and the higher one stays: a late answer must not undo what an event told meanwhile.
 *
 * Called on every answer and event before Relay reads it. Where an answer is older than what is known, the fields that change
 * with the version are given the values that are known: of a post its counters and its poll, of a job all that was asked for.
 */
const MOVING = [
  'version',
  'likeCount',
  'repostCount',
  'replyCount',
  'quoteCount',
  'remixCount',
  'editCount',
  'poll',
] as const;
const JOB = 'job_'; // what ids of jobs begin with; all of a job moves
const MOST_REMEMBERED = 5_000;

type Thing = Record<string, unknown>;

export class Versions {
  private readonly known = new Map<string, Thing>();

  /** Change `answer` in place so that nothing in it is older than what was seen before. */
  freshen(answer: unknown): void {
    if (Array.isArray(answer)) {
      for (const one of answer) this.freshen(one);
      return;
    }
    if (answer === null || typeof answer !== 'object') return;
    const thing = answer as Thing;
    for (const value of Object.values(thing)) this.freshen(value);
    const { id, version } = thing;
    if (typeof id !== 'string' || typeof version !== 'number') return;
    const known = this.known.get(id);
    if (known && (known.version as number) > version) {
      for (const field of moving(thing, id)) if (field in known) thing[field] = known[field];
      return;
    }
    this.remember(id, {
      ...known,
      ...Object.fromEntries(moving(thing, id).map((field) => [field, thing[field]])),
    });
  }

  private remember(id: string, values: Thing): void {
    this.known.delete(id); // the last heard of stands last, so that the first to go is the oldest
    this.known.set(id, values);
    const oldest = this.known.keys().next();
    if (this.known.size > MOST_REMEMBERED && !oldest.done) this.known.delete(oldest.value);
  }
}

/** The fields of a thing that change with its version. */
function moving(thing: Thing, id: string): string[] {
  return id.startsWith(JOB) ? Object.keys(thing) : MOVING.filter((field) => field in thing);
}
