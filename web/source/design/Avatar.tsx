import type { CSSProperties } from 'react';
import styles from './Avatar.module.css';

type Props = { handle: string; name: string; url: string | null | undefined; size?: 'small' | 'medium' | 'large' };

/** A person's picture, or their initial on a colour that is always theirs. Says nothing: a name stands beside it. */
export function Avatar({ handle, name, url, size = 'medium' }: Props) {
  const style = { '--hue': hueOf(handle) } as CSSProperties;
  return (
    <span className={`${styles.avatar} ${styles[size]}`} style={style} aria-hidden="true">
      {url ? <img src={url} alt="" loading="lazy" decoding="async" /> : ([...name.trim()][0] ?? handle[0])}
    </span>
  );
}

/** The colour that stands for a person, as a hue. */
export function hueOf(handle: string): number {
  let hue = 7;
  for (const letter of handle) hue = (hue * 31 + letter.charCodeAt(0)) % 360;
  return hue;
}
