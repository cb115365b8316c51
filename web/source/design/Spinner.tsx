import styles from './Spinner.module.css';

/** Something is under way. With a `label` it says so to screen readers and stands in the middle of its place. */
export function Spinner({ label }: { label?: string }) {
  if (!label) return <span className={styles.spinner} aria-hidden="true" />;
  return (
    <div className={styles.centre} role="status">
      <span className={styles.spinner} aria-hidden="true" />
      <span className="visually-hidden">{label}</span>
    </div>
  );
}
