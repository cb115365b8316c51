import { CornerDownRight } from 'lucide-react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { Turn_job$key } from '~/__generated__/Turn_job.graphql';
import { useText } from '~/i18n/language';
import { lightbox } from '~/post/lightbox';
import styles from './Turn.module.css';

/** What a job went on from: the deed, and the picture it was done to. Nothing for a picture out of words alone. */
export function Turn({ job: key }: { job: Turn_job$key }) {
  const text = useText().studio;
  const job = useFragment(
    graphql`
      fragment Turn_job on GenerationJob {
        kind
        scale
        inputs {
          role
          image {
            id
            altText
            url(size: SMALL)
          }
        }
        parent {
          outputIndex
          job {
            id
          }
        }
      }
    `,
    key,
  );
  const source = job.inputs.find(({ role }) => role === 'IMAGE')?.image;
  if (!source || job.kind === '%future added value') return null;
  const { parent } = job;
  const picture = <img src={source.url ?? ''} alt="" className={styles.picture} />;
  const name = job.kind === 'UPSCALE' && job.scale ? text.enlarged(job.scale) : text.done[job.kind];
  return (
    <p className={styles.turn}>
      <CornerDownRight aria-hidden="true" />
      {parent ? (
        <button
          type="button"
          className={styles.source}
          aria-label={text.openSource(source.altText)}
          onClick={() => lightbox.set({ jobId: parent.job.id, index: parent.outputIndex ?? 0 })}
        >
          {picture}
        </button>
      ) : (
        picture
      )}
      {name}
    </p>
  );
}
