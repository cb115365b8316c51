/** What the API follows in one subscription. */
export const MOST_FOLLOWED = 100;

/** A post on the page: whether it is on screen, in the page's order. */
type Shown = { id: string; onScreen: boolean };

/** Which posts to follow of those on the page: all where there are few, else those on screen and what is nearest to them. */
export function chooseFollowed(page: readonly Shown[], most = MOST_FOLLOWED): string[] {
  const ids = [...new Set(page.map(({ id }) => id))];
  if (ids.length <= most) return ids;
  const seen = page.flatMap(({ id, onScreen }) => (onScreen ? [ids.indexOf(id)] : []));
  const middle = seen.length ? ((seen[0] ?? 0) + (seen.at(-1) ?? 0)) / 2 : 0;
  const first = Math.max(0, Math.min(ids.length - most, Math.round(middle - most / 2)));
  return ids.slice(first, first + most);
}

/**
 * Up to where in the log each post is known, so that one that is followed again begins where it was left. Cursors cannot be compared;
 * the order in which they were heard can.
 */
export class Known {
  private readonly places = new Map<string, { cursor: string; heard: number }>();
  private clock = 0;

  /** These were followed up to this cursor. */
  left(ids: Iterable<string>, cursor: string | undefined): void {
    if (!cursor) return;
    this.clock += 1;
    for (const id of ids) this.places.set(id, { cursor, heard: this.clock });
  }

  /** From where to follow all of these: the oldest place of any of them, or `now` where all are as fresh as that. */
  from(ids: Iterable<string>, now: string | undefined): string | undefined {
    let oldest: { cursor: string; heard: number } | undefined;
    for (const id of ids) {
      const place = this.places.get(id);
      if (place && (!oldest || place.heard < oldest.heard)) oldest = place;
    }
    return oldest?.cursor ?? now;
  }
}
