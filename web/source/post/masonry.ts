/** Where a tile stands: its left and top edge and its size, in pixels. */
export type Tile = { left: number; top: number; width: number; height: number };

/**
 * Tiles of given ratios (width over height) in columns of one width, each under the column that is shortest so far. Adding tiles moves
 * none of those before. Gives the tiles in order and the height of all of it.
 */
export function masonry(
  ratios: readonly number[],
  width: number,
  columns: number,
  gap: number,
  foot = 0,
): { tiles: Tile[]; height: number } {
  const size = (width - gap * (columns - 1)) / columns;
  const bottoms = new Array<number>(columns).fill(0);
  const tiles = ratios.map((ratio) => {
    const top = Math.min(...bottoms);
    const column = bottoms.indexOf(top);
    const height = Math.round(size / ratio) + foot;
    bottoms[column] = top + height + gap;
    return { left: column * (size + gap), top, width: size, height };
  });
  return { tiles, height: Math.max(0, Math.max(...bottoms) - gap) };
}
