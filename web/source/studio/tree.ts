/** A turn of a conversation about a picture, by what it went on from. */
export type Turn = { readonly id: string; readonly parentId: string | null };

/** A turn with those that went on from it, the earliest first. */
export type Branch<T extends Turn> = { readonly turn: T; readonly next: readonly Branch<T>[] };

/**
 * Turns, the earliest first, as trees: what went on from none, or from one that is not here, is a root. A circle, which no server
 * sends, is left out.
 */
export function treesOf<T extends Turn>(turns: readonly T[]): readonly Branch<T>[] {
  const here = new Set(turns.map(({ id }) => id));
  const after = new Map<string | null, T[]>();
  for (const turn of turns) {
    const parent = turn.parentId !== null && here.has(turn.parentId) ? turn.parentId : null;
    after.set(parent, [...(after.get(parent) ?? []), turn]);
  }
  const grown = (parent: string | null): readonly Branch<T>[] =>
    (after.get(parent) ?? []).map((turn) => ({ turn, next: grown(turn.id) }));
  return grown(null);
}
