import { Suspense, useState } from 'react';
import { useText } from '~/i18n/language';
import { later } from '~/routing/later';
import styles from './EditedMark.module.css';

const HistoryDialog = later(() => import('./HistoryDialog'));

/** Says that a post was edited, and opens its history. */
export function EditedMark({ postId }: { postId: string }) {
  const text = useText();
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className={styles.mark} aria-label={text.edits.historyOpen} onClick={() => setOpen(true)}>
        {text.post.edited}
      </button>
      <Suspense>{open && <HistoryDialog postId={postId} onClose={() => setOpen(false)} />}</Suspense>
    </>
  );
}
