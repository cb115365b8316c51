import { graphql, useFragment } from 'react-relay/hooks';
import type { OutputNotes_job$key } from '~/__generated__/OutputNotes_job.graphql';
import { useText } from '~/i18n/language';
import { undoneIn } from './notes';
import styles from './OutputNotes.module.css';

/** What the pictures of a job tell of themselves: what of an edit's words was not done, and how its mask was obeyed. */
export function OutputNotes({ job: key }: { job: OutputNotes_job$key }) {
  const { studio, told: text } = useText();
  const { outputs } = useFragment(
    graphql`
      fragment OutputNotes_job on GenerationJob {
        outputs {
          edit {
            undone
          }
          mask {
            changedBefore
            changedAfter
          }
        }
      }
    `,
    key,
  );
  const undone = undoneIn(
    outputs.flatMap(({ edit }) => edit?.undone ?? []),
    text.words,
  );
  const masks = outputs.flatMap(({ mask }) => (mask ? [mask] : []));
  const strayed = Math.max(0, ...masks.map(({ changedBefore }) => changedBefore));
  const held = masks.length > 0 && masks.every(({ changedAfter }) => changedAfter === 0);
  if (!undone && !held) return null;
  return (
    <p className={styles.notes}>
      {undone && <span>{text.undone(undone)}</span>}
      {held && <span>{strayed >= 0.01 ? text.putBack(studio.percent(Math.round(strayed * 100))) : text.held}</span>}
    </p>
  );
}
