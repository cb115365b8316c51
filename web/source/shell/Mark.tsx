import styles from './Mark.module.css';

/** Fresque's mark: an arch on a wall, and the sun in what is painted there. */
export function Mark({ word = false }: { word?: boolean }) {
  return (
    <span className={styles.mark}>
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <path className={styles.arch} d="M3 30V15.5C3 8.6 8.8 3 16 3s13 5.6 13 12.5V30Z" />
        <circle className={styles.sun} cx="20.5" cy="12.5" r="3.6" />
        <path className={styles.hill} d="M3 30v-5.2c3.4-4.9 7.1-6.3 10.8-3 3.7 3.2 8.6 2.6 15.2-4.3V30Z" />
      </svg>
      {word && <span className={styles.word}>Fresque</span>}
    </span>
  );
}
