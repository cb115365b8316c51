import { decodeBlurHash } from 'fast-blurhash';
import { useCallback, useState } from 'react';
import styles from './Picture.module.css';

const BLUR_PIXELS = 24;

export type PictureShape = { readonly width?: number | null; readonly height?: number | null };

export type PictureSource = PictureShape & {
  readonly blurhash?: string | null;
  readonly altText: string;
};

type Props = {
  image: PictureSource;
  src: string | null | undefined;
  srcSet?: string;
  sizes?: string;
  /** Width over height of the place; the picture's own when left out. The place has its size before the picture is there. */
  ratio?: number;
  contain?: boolean;
  /** Whether it is among the first that are seen. */
  eager?: boolean;
};

/** The ratio of a picture, as far as a column can show it. */
export function ratioOf({ width, height }: PictureShape, tallest = 4 / 5, widest = 2): number {
  return Math.min(widest, Math.max(tallest, width && height ? width / height : 1));
}

/** A picture in a place of its final size, with its blur until it is there. */
export function Picture({ image, src, srcSet, sizes, ratio, contain, eager }: Props) {
  const [shown, setShown] = useState(false);
  const blur = useCallback(
    (canvas: HTMLCanvasElement | null) => {
      if (canvas && image.blurhash) paint(canvas, image.blurhash);
    },
    [image.blurhash],
  );
  return (
    <span
      className={contain ? `${styles.picture} ${styles.contain}` : styles.picture}
      style={{ aspectRatio: ratio ?? ratioOf(image) }}
    >
      {!shown && image.blurhash && <canvas ref={blur} width={BLUR_PIXELS} height={BLUR_PIXELS} />}
      {src && (
        <img
          className={shown ? styles.shown : undefined}
          src={src}
          srcSet={srcSet}
          sizes={sizes}
          alt={image.altText}
          loading={eager ? 'eager' : 'lazy'}
          fetchPriority={eager ? 'high' : 'auto'}
          decoding="async"
          draggable={false}
          onLoad={() => setShown(true)}
          ref={(element) => {
            if (element?.complete && element.naturalWidth) setShown(true); // out of the cache, before React listened
          }}
        />
      )}
    </span>
  );
}

function paint(canvas: HTMLCanvasElement, blurhash: string): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  try {
    const pixels = decodeBlurHash(blurhash, BLUR_PIXELS, BLUR_PIXELS);
    context.putImageData(new ImageData(new Uint8ClampedArray(pixels), BLUR_PIXELS, BLUR_PIXELS), 0, 0);
  } catch {
    // No blur then: the place keeps its plain ground.
  }
}
