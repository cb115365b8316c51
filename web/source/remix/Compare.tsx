import { type PointerEvent, useRef, useState } from 'react';
import { useText } from '~/i18n/language';
import { Picture, type PictureSource, ratioOf } from '~/post/Picture';
import styles from './Compare.module.css';

type Side = PictureSource & { readonly url?: string | null };

/** Two pictures over one another, and a line between them that is drawn by pointer, by touch and by the arrow keys. */
export function Compare({ before, after }: { before: Side; after: Side }) {
  const text = useText().lineage;
  const field = useRef<HTMLDivElement>(null);
  const [part, setPart] = useState(50);
  const draw = ({ clientX }: PointerEvent) => {
    const box = field.current?.getBoundingClientRect();
    if (!box?.width) return;
    const share = ((clientX - box.left) / box.width) * 100;
    setPart(Math.round(Math.min(100, Math.max(0, share))));
  };
  return (
    <div
      ref={field}
      dir="ltr"
      className={styles.compare}
      style={{ aspectRatio: ratioOf(after) }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        draw(event);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) draw(event);
      }}
    >
      <Picture image={after} src={after.url} ratio={ratioOf(after)} eager />
      <div className={styles.before} style={{ clipPath: `inset(0 ${100 - part}% 0 0)` }}>
        <Picture image={before} src={before.url} ratio={ratioOf(after)} eager />
      </div>
      <span className={styles.name} aria-hidden="true">
        {text.before}
      </span>
      <span className={`${styles.name} ${styles.end}`} aria-hidden="true">
        {text.after}
      </span>
      <span className={styles.line} style={{ insetInlineStart: `${part}%` }} aria-hidden="true" />
      <input
        className={styles.range}
        type="range"
        min={0}
        max={100}
        value={part}
        aria-label={text.compareLabel}
        aria-valuetext={text.compareValue(part)}
        onChange={({ target: { value } }) => setPart(Number(value))}
        onKeyDown={(event) => event.stopPropagation()} // the lightbox would turn the page
      />
    </div>
  );
}
