import { Shuffle } from 'lucide-react';
import { Link } from 'react-router';
import { useText } from '~/i18n/language';
import { places } from '~/routing/places';
import { useCredit } from './credits';
import styles from './RemixCredit.module.css';

/** Whom a remix credits, or why that is not shown. */
export function RemixCredit({ postId, version }: { postId: string; version: number }) {
  const { remix } = useText();
  const credit = useCredit(postId, version);
  if (!credit) return <p className={styles.credit} />;
  const { author, reason, imageId } = credit;
  return (
    <p className={styles.credit} data-remix={author === null ? 'UnavailableRemixSource' : 'RemixSource'}>
      <Shuffle aria-hidden="true" />
      <Link to={places.lineage(imageId)}>
        {author === null ? remix.hole[(reason ?? 'NOT_VISIBLE') as keyof typeof remix.hole] : remix.of(author)}
      </Link>
    </p>
  );
}
