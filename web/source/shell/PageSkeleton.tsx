import { PostSkeletons } from '~/design/Skeleton';
import { useText } from '~/i18n/language';
import styles from './Page.module.css';

/** Until the first page's data is there; later pages take the place of the one before when they are whole. */
export function PageSkeleton() {
  const text = useText();
  return (
    <main className={styles.main} id="content">
      <div className={styles.head} />
      <PostSkeletons label={text.common.loading} />
    </main>
  );
}
