import { Dices, ListTree, Palette, RotateCcw, Send, SquareSplitHorizontal, Wand2 } from 'lucide-react';
import { memo, Suspense, useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { JobCard_job$key } from '~/__generated__/JobCard_job.graphql';
import { addImage } from '~/compose/draft';
import { compose } from '~/compose/open';
import { useDraft } from '~/compose/useDraft';
import { Button } from '~/design/Button';
import { IconButton } from '~/design/IconButton';
import { Menu, MenuItem } from '~/design/Menu';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { lightbox } from '~/post/lightbox';
import { Compare } from '~/remix/Compare';
import { later } from '~/routing/later';
import { Download } from './Download';
import styles from './JobCard.module.css';
import { JobPictures } from './JobPictures';
import { JobStatus, troubleOf } from './JobStatus';
import { OutputNotes } from './OutputNotes';
import { isOpen } from './progress';
import { DEED_ICONS } from './Subject';
import { Turn } from './Turn';
import { useJob } from './useJob';
import { canRetry } from './useRetry';
import { type DEEDS, isStyleCode, PLAIN, type Wish } from './wish';

const HappenedDialog = later(() => import('~/happened/HappenedDialog'));
const SaveStyle = later(() => import('./SaveStyle'));

type Props = {
  job: JobCard_job$key;
  /** Whether it was asked for just now: it is shown larger. */
  fresh: boolean;
  onAgain: (wish: Wish) => void;
  /** Make what it did not. */
  onRetry: (jobId: string) => void;
  /** Go on with one of its pictures. */
  onWork: (imageId: string, deed: (typeof DEEDS)[number]) => void;
  /** What can be done with a picture here. */
  deeds: readonly (typeof DEEDS)[number][];
};

/** A job in the studio: its pictures from light to finished, what was asked for, what one can do with them. */
export const JobCard = memo(function JobCard({ job: key, fresh, onAgain, onRetry, onWork, deeds }: Props) {
  const text = useText();
  const format = useFormat();
  const draft = useDraft({});
  const card = useFragment(
    graphql`
      fragment JobCard_job on GenerationJob {
        id
        background
        kind
        strength
        scale
        quality
        outputFormat
        negativePrompt
        inputs {
          role
          image {
            id
            altText
            width
            height
            blurhash
            shown: url(size: MEDIUM)
          }
        }
        ...Turn_job
        outputs {
          index
          styleCode
          vectorUrl
          image {
            id
            original: url(size: ORIGINAL)
          }
        }
        ...OutputNotes_job
        ...useJob_job
      }
    `,
    key,
  );
  const { job, progress, said, cancel, stopping } = useJob(card);
  const [asking, setAsking] = useState(false);
  const words = text.studio;
  const open = isOpen(job.state);
  const works = open && job.state !== 'IN_REVIEW';
  const images = job.outputs.flatMap(({ image }) => (image ? [image] : []));
  const originals = card.outputs.flatMap(({ image, vectorUrl }) =>
    image?.original ? [{ picture: image.original, vector: vectorUrl }] : [],
  );
  const mannered = card.outputs.find(({ image, styleCode }) => image && styleCode)?.image?.id;
  const [first] = images;
  const source = card.inputs.find(({ role }) => role === 'IMAGE')?.image;
  const [comparing, setComparing] = useState(false);
  const [saving, setSaving] = useState(false);
  const trouble = troubleOf(job, text);
  const shape = (job.width / job.height) * job.outputs.length;
  const nothing = !open && images.length === 0;
  const compact = nothing && !said; // what ended under one's eyes keeps its place

  const wish = (seed: boolean): Wish => ({
    ...PLAIN,
    prompt: job.prompt,
    engine: job.engine.name,
    model: job.model.name,
    width: job.width,
    height: job.height,
    count: job.outputs.length,
    seed: seed ? (job.seed ?? '') : '',
    style: job.style ?? '',
    transparent: card.background === 'transparent',
    deed: card.kind === '%future added value' ? 'GENERATE' : card.kind,
    imageId: source?.id ?? '',
    strength: Math.round((card.strength ?? 0.5) * 100),
    scale: card.scale ?? PLAIN.scale,
    quality: card.quality ?? '',
    format: card.outputFormat ?? '',
    negative: card.negativePrompt ?? '',
  });
  const publish = () => {
    for (const { id, altText } of images) addImage(draft, id, altText);
    compose();
  };
  return (
    <li
      className={fresh ? `${styles.card} ${styles.fresh}` : styles.card}
      style={{ '--shape': compact ? 1.2 : shape } as Record<string, number>}
      data-job={job.id}
      data-state={job.state}
    >
      <p className="visually-hidden" role="status">
        {said}
      </p>
      {compact ? (
        <p className={styles.nothing}>{trouble}</p>
      ) : comparing && source && first ? (
        <Compare before={{ ...source, url: source.shown }} after={first} />
      ) : (
        <JobPictures job={job} progress={progress} onPick={(_, index) => lightbox.set({ jobId: job.id, index })} />
      )}
      {works ? (
        <JobStatus job={job} progress={progress} stopping={stopping} onCancel={cancel} />
      ) : (
        <div className={styles.foot}>
          <Turn job={card} />
          {job.prompt && (
            <p className={styles.prompt} dir="auto" title={job.prompt}>
              {job.prompt}
            </p>
          )}
          <OutputNotes job={card} />
          <div className={styles.under}>
            <p className={styles.facts}>
              <time dateTime={job.createdAt} title={format.moment(job.createdAt)}>
                {format.ago(job.createdAt)}
              </time>
              {job.style && (
                <span>{isStyleCode(job.style) ? text.manner.kept : (words.styles[job.style] ?? job.style)}</span>
              )}
              {trouble && !compact && <span className={styles.trouble}>{trouble}</span>}
            </p>
            <div className={styles.actions}>
              {images.length > 0 && (
                <IconButton className={styles.tool} label={words.publish} icon={<Send />} onClick={publish} />
              )}
              {first && source && (
                <IconButton
                  className={styles.tool}
                  label={text.proof.compare}
                  icon={<SquareSplitHorizontal />}
                  aria-pressed={comparing}
                  onClick={() => setComparing(!comparing)}
                />
              )}
              {first && deeds.length > 0 && (
                <Menu
                  label={words.goOn}
                  trigger={<IconButton className={styles.tool} label={words.goOn} icon={<Wand2 />} />}
                >
                  {deeds.map((deed) => (
                    <MenuItem key={deed} icon={DEED_ICONS[deed]} onSelect={() => onWork(first.id, deed)}>
                      {words.deeds[deed]}
                    </MenuItem>
                  ))}
                  {mannered && (
                    <MenuItem icon={<Palette />} onSelect={() => setSaving(true)}>
                      {text.manner.save}
                    </MenuItem>
                  )}
                </Menu>
              )}
              {canRetry(job.state) && job.outputs.some(({ state }) => state === 'FAILED') && (
                <Button small look="quiet" onClick={() => onRetry(job.id)}>
                  {words.retry}
                </Button>
              )}
              <IconButton
                className={styles.tool}
                label={text.happened.show}
                icon={<ListTree />}
                onClick={() => setAsking(true)}
              />
              <IconButton
                className={styles.tool}
                label={words.again}
                icon={<RotateCcw />}
                onClick={() => onAgain(wish(false))}
              />
              {job.seed && job.model.capabilities.supportsSeeds && images.length > 0 && (
                <IconButton
                  className={styles.tool}
                  label={words.same}
                  icon={<Dices />}
                  onClick={() => onAgain(wish(true))}
                />
              )}
              {originals.length === 1 && originals[0] && (
                <Download className={styles.tool} {...originals[0]} about={job.prompt} />
              )}
            </div>
          </div>
        </div>
      )}
      {saving && mannered && (
        <Suspense>
          <SaveStyle imageId={mannered} onClose={() => setSaving(false)} />
        </Suspense>
      )}
      {asking && (
        <Suspense>
          <HappenedDialog jobId={job.id} onClose={() => setAsking(false)} />
        </Suspense>
      )}
    </li>
  );
});
