import { type ReactNode, Suspense, useSyncExternalStore } from 'react';
import { useText } from '~/i18n/language';
import { later } from '~/routing/later';
import { useViewer } from '~/session/viewer';
import { Foot } from './Foot';
import styles from './Page.module.css';

const AsideWall = later(() => import('~/explore/AsideWall'));
const Suggestions = later(() => import('~/suggestions/Suggestions'));

const AsideTrends = later(() => import('~/trends/AsideTrends'));

const WIDE = matchMedia('(min-width: 75rem)');

const follow = (listener: () => void) => {
  WIDE.addEventListener('change', listener);
  return () => WIDE.removeEventListener('change', listener);
};

/** The third column of a desktop. What it holds is never needed, and is not fetched where there is no third column. */
export function Aside({ children }: { children?: ReactNode }) {
  const text = useText();
  const viewer = useViewer();
  const shown = useSyncExternalStore(follow, () => WIDE.matches);
  if (!shown) return null;
  return (
    <aside className={styles.aside} aria-label={text.common.more}>
      <Suspense>
        {children ?? (
          <>
            <AsideTrends />
            {viewer && <Suggestions />}
            <AsideWall />
          </>
        )}
        <Foot />
      </Suspense>
    </aside>
  );
}
