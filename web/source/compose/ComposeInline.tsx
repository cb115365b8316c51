import { useViewer } from '~/session/viewer';
import styles from './ComposeInline.module.css';
import { Composer } from './Composer';
import type { Composing } from './open';

/** The composer as a part of a page: at the top of home, or under the post that a conversation is about. Nothing for who is nobody. */
export function ComposeInline({ replyToId }: Pick<Composing, 'replyToId'>) {
  if (!useViewer()) return null;
  return (
    <div className={styles.inline}>
      <Composer replyToId={replyToId} showTarget={false} />
    </div>
  );
}
