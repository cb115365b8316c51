import { useState } from 'react';
import { Picture } from '~/post/Picture';
import styles from './OutputPlace.module.css';

type Props = {
  /** Of the finished picture, in pixels: the place has its shape from the beginning. */
  width: number;
  height: number;
  image:
    | { readonly url?: string | null; readonly blurhash?: string | null; readonly altText: string }
    | null
    | undefined;
  preview: string | undefined;
  /** How much is done, 0 to 1: partial pictures come into focus with it. */
  fraction: number | null;
  working: boolean;
  /** Why there is no picture, where there will be none. */
  note: string | null;
  /** What came in the way, where that is known. */
  why: string | null;
  /** Whether it is among the first that are seen. */
  eager: boolean;
};

const MOST_BLUR_PIXELS = 18;

/**
 * The place of one wanted picture, from nothing to finished without a jump: light that moves, partial pictures that fade into one another
 * and come into focus, the picture.
 */
export function OutputPlace({ width, height, image, preview, fraction, working, note, why, eager }: Props) {
  const [layers, setLayers] = useState<readonly string[]>([]);
  const [finished, setFinished] = useState(false);
  const top = layers.at(-1);
  const watched = layers.length > 0;
  const ratio = width / height;
  if (image && !watched) {
    return <Picture image={{ ...image, width, height }} src={image.url} ratio={ratio} eager={eager} />;
  }
  const blur = `blur(${Math.round((1 - (fraction ?? 0)) * MOST_BLUR_PIXELS)}px)`;
  return (
    <span className={styles.place} style={{ aspectRatio: ratio }} data-working={working || undefined}>
      {!finished &&
        layers.map((url) => (
          <img key={url} src={url} alt="" className={styles.preview} style={{ filter: image ? 'none' : blur }} />
        ))}
      {preview && preview !== top && !image && (
        <img
          src={preview}
          alt=""
          className={styles.coming}
          onLoad={() => setLayers((now) => [...now.slice(-1), preview])}
        />
      )}
      {image?.url && (
        <img
          src={image.url}
          alt={image.altText}
          className={styles.final}
          draggable={false}
          onAnimationEnd={() => setFinished(true)}
        />
      )}
      {note && !image && (
        <span className={styles.note}>
          {note}
          {why && <span className={styles.why}>{why}</span>}
        </span>
      )}
    </span>
  );
}
