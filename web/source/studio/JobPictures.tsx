import { Check, Plus } from 'lucide-react';
import { whyOf } from '~/happened/line';
import { useText } from '~/i18n/language';
import { foundOf } from './checked';
import styles from './JobPictures.module.css';
import { OutputPlace } from './OutputPlace';
import { isOpen, type Progress } from './progress';
import type { Job } from './useJob';

type Props = {
  job: Job;
  progress: Progress;
  /** What a press on a finished picture does. */
  onPick: (imageId: string, index: number, altText: string) => void;
  /** The pictures that are chosen, where they are chosen and not opened. */
  chosen?: readonly string[];
};

/** The pictures of a job, each in its place from the beginning. */
export function JobPictures({ job, progress, onPick, chosen }: Props) {
  const text = useText();
  const { outputs, width, height, state } = job;
  const open = isOpen(state);
  return (
    <ul className={styles.pictures} data-count={outputs.length}>
      {outputs.map(({ index, image, state: came, failure }) => {
        const checked = came === 'BLOCKED' || came === 'IN_REVIEW';
        const over = !open || came === 'FAILED' || checked; // one may be given up while others are made
        const found = checked ? [foundOf(failure, text.checks), text.checks.refunded].filter(Boolean).join('. ') : null;
        const why = failure && !checked ? whyOf(failure.code, text.happened) : found;
        const note = came === 'IN_REVIEW' ? text.checks.held : (text.studio.outputs[came] ?? null);
        const place = (
          <OutputPlace
            width={width}
            height={height}
            image={image}
            preview={progress.previews[index]}
            fraction={progress.fraction}
            working={!over && !image}
            eager={open || chosen !== undefined}
            note={over ? note : null}
            why={over ? why : null}
          />
        );
        if (!image) return <li key={index}>{place}</li>;
        const taken = chosen?.includes(image.id);
        const number = outputs.length > 1 ? ` ${index + 1}` : '';
        const name = `${chosen ? text.compose.takePicture : text.studio.open}${number}: ${image.altText || job.prompt}`;
        return (
          <li key={index}>
            <button
              type="button"
              className={taken ? `${styles.picture} ${styles.taken}` : styles.picture}
              aria-label={name}
              aria-pressed={chosen ? taken : undefined}
              onClick={() => onPick(image.id, index, image.altText)}
            >
              {place}
              {chosen && (
                <span className={styles.take} aria-hidden="true">
                  {taken ? <Check /> : <Plus />}
                  {taken ? text.compose.taken : text.compose.takePicture}
                </span>
              )}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
