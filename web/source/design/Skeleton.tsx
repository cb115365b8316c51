import styles from './Skeleton.module.css';

/** The shape of posts that are on their way. `label` is what a screen reader hears meanwhile. */
export function PostSkeletons({ label, count = 2 }: { label: string; count?: number }) {
  return (
    <div role="status">
      <span className="visually-hidden">{label}</span>
      {Array.from({ length: count }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
        <div key={index} className={styles.post} aria-hidden="true">
          <div className={styles.head}>
            <div className={`${styles.bone} ${styles.face}`} />
            <div className={`${styles.bone} ${styles.name}`} />
          </div>
          <div className={`${styles.bone} ${styles.picture}`} />
          <div className={`${styles.bone} ${styles.line}`} />
        </div>
      ))}
    </div>
  );
}

/** One grey block of a given shape (CSS aspect-ratio). */
export function Bone({ ratio }: { ratio: string }) {
  return <div className={styles.bone} style={{ aspectRatio: ratio }} aria-hidden="true" />;
}
