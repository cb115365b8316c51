import { useLayoutEffect, useRef, useState } from 'react';
import { masonry } from './masonry';
import styles from './Wall.module.css';
import { WallTile, type WallTile_edge$key } from './WallTile';

const GAP = 8;
const COLUMN_PIXELS = 280;
const NARROW_PIXELS = 560;
const EAGER = 6;

type Edge = WallTile_edge$key & {
  readonly node: {
    readonly id: string;
    readonly images: readonly { readonly width?: number | null; readonly height?: number | null }[];
  } | null;
};

/** Pictures hung on a wall: each in its own shape, none moving when more are hung. Posts without a picture are not on it. */
export function Wall({ label, edges }: { label: string; edges: readonly Edge[] }) {
  const wall = useRef<HTMLUListElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = wall.current;
    if (!element) return;
    setWidth(element.clientWidth);
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const hung = edges.filter(({ node }) => node?.images[0]);
  const columns = width < NARROW_PIXELS ? 2 : Math.max(2, Math.round(width / COLUMN_PIXELS));
  const gap = width < NARROW_PIXELS ? GAP / 2 : GAP;
  const { tiles, height } = masonry(
    hung.map(({ node }) => ratioOf(node?.images[0])),
    width,
    columns,
    gap,
  );
  return (
    <ul ref={wall} className={styles.wall} style={{ blockSize: height }} aria-label={label}>
      {width > 0 &&
        hung.map((edge, index) => {
          const tile = tiles[index];
          if (!tile) return null;
          const { left, top, width: wide, height: high } = tile;
          return (
            <li key={edge.node?.id} className={styles.tile} style={{ left, top, width: wide, height: high }}>
              <WallTile edge={edge} eager={index < EAGER} />
            </li>
          );
        })}
    </ul>
  );
}

function ratioOf(image: { readonly width?: number | null; readonly height?: number | null } | undefined): number {
  return Math.min(1.9, Math.max(0.62, image?.width && image.height ? image.width / image.height : 1));
}
