import { CornerDownRight } from 'lucide-react';
import { graphql, useFragment } from 'react-relay/hooks';
import { Link, useLocation } from 'react-router';
import type { Turn_job$key } from '~/__generated__/Turn_job.graphql';
import { useText } from '~/i18n/language';
import { lightbox } from '~/post/lightbox';
import { places } from '~/routing/places';
import styles from './Turn.module.css';

/** What a job went on from: the deed, and the picture it was done to. Nothing for a picture out of words alone. */
export function Turn({ job: key }: { job: Turn_job$key }) {
  const text = useText().studio;
  const { pathname } = useLocation();
  const job = useFragment(
    graphql`
      fragment Turn_job on GenerationJob {
        kind
        scale
        thread {
          id
          turnCount
        }
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
  const { thread } = job;
  const whole = thread && thread.turnCount > 1 && pathname !== places.thread(thread.id) && (
    <Link to={places.thread(thread.id)} className={styles.whole}>
      {text.turns(thread.turnCount)}
    </Link>
  );
  if (!source || job.kind === '%future added value') return whole ? <p className={styles.turn}>{whole}</p> : null;
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
      {whole}
    </p>
  );
}
