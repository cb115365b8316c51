/** The list with the item at `from` put where `to` is. */
export function moved<T>(items: readonly T[], from: number, to: number): readonly T[] {
  const rest = items.filter((_, index) => index !== from);
  const item = items[from];
  return item === undefined ? items : [...rest.slice(0, to), item, ...rest.slice(to)];
}

/** The id right above the place `to` once the item at `from` is there; null on top. */
export function aboveOf(ids: readonly string[], from: number, to: number): string | null {
  return moved(ids, from, to)[to - 1] ?? null;
}
