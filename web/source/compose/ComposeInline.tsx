import { Suspense } from 'react';
import { later } from '~/routing/later';
import { useViewer } from '~/session/viewer';
import styles from './ComposeInline.module.css';
import type { Composing } from './open';

const Composer = later(() => import('./Composer').then((module) => ({ default: module.Composer })));

/** The composer as a part of a page: at the top of home, or under the post that a conversation is about. Nothing for who is nobody. */
export function ComposeInline({ replyToId }: Pick<Composing, 'replyToId'>) {
  if (!useViewer()) return null;
  return (
    <div className={styles.inline}>
      <Suspense>
        <Composer replyToId={replyToId} showTarget={false} />
      </Suspense>
    </div>
  );
}
