import { Suspense, useState } from 'react';
import { Spinner } from '~/design/Spinner';
import { useText } from '~/i18n/language';
import { Happened } from './Happened';
import styles from './Happened.module.css';

/** What happened to a job, folded away until somebody wants to know; it is asked for then. */
export function HappenedFold({ jobId }: { jobId: string }) {
  const text = useText();
  const [wanted, want] = useState(false);
  return (
    <details className={styles.fold} onToggle={({ currentTarget: { open } }) => want(open)}>
      <summary>{text.happened.show}</summary>
      {wanted && (
        <Suspense fallback={<Waiting />}>
          <Happened jobId={jobId} />
        </Suspense>
      )}
    </details>
  );
}

/** In place of what happened until it is known. */
export function Waiting() {
  const text = useText();
  return (
    <div className={styles.wait}>
      <Spinner label={text.common.loading} />
    </div>
  );
}
