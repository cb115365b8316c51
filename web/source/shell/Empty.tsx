import type { ReactNode } from 'react';
import styles from './Empty.module.css';

/** What stands where there is nothing (yet), and what to do about it. */
export function Empty({ title, text, children }: { title: string; text?: string; children?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <span className={styles.arch} aria-hidden="true" />
      <h2>{title}</h2>
      {text && <p>{text}</p>}
      {children}
    </div>
  );
}
