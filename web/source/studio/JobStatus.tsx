import { CircleStop } from 'lucide-react';
import { Button } from '~/design/Button';
import type { Dictionary } from '~/i18n/en';
import { useText } from '~/i18n/language';
import { foundOf } from './checked';
import styles from './JobStatus.module.css';
import { isOpen, type Progress } from './progress';
import type { Job } from './useJob';

/** How far a job is, in words and as a line, and the way to stop it. */
export function JobStatus({
  job,
  progress,
  stopping,
  onCancel,
}: {
  job: Job;
  progress: Progress;
  stopping: boolean;
  onCancel: () => void;
}) {
  const { studio: text, checks } = useText();
  if (job.state === 'IN_REVIEW') {
    return (
      <div className={styles.status}>
        <span className={styles.words}>{checks.reviewing}</span>
      </div>
    );
  }
  const words = stopping ? text.stopping : wordsOf(job, progress, text);
  const percent = progress.fraction === null ? null : Math.round(progress.fraction * 100);
  return (
    <div className={styles.status}>
      <progress
        className={styles.line}
        aria-label={text.progress}
        {...(job.state === 'QUEUED' || percent === null ? {} : { value: percent, max: 100 })}
      />
      <span className={styles.words}>
        <span className={styles.dot} aria-hidden="true" />
        {words}
        {job.state === 'RUNNING' && percent !== null && !stopping && (
          <span className={styles.percent}>{text.percent(percent)}</span>
        )}
      </span>
      {!stopping && (
        <Button small look="plain" onClick={onCancel}>
          <CircleStop aria-hidden="true" />
          {text.cancel}
        </Button>
      )}
    </div>
  );
}

function wordsOf(job: Job, progress: Progress, text: Dictionary['studio']): string {
  if (job.state === 'QUEUED') {
    if (!job.engine.available) return text.waitsFor(job.engine.name);
    const ahead = (job.queuePosition ?? 1) - 1;
    return ahead > 0 ? text.ahead(ahead) : text.next;
  }
  if (!progress.phase) return text.starting;
  return text.phases[progress.phase] ?? text.working;
}

/** Why a job did not (wholly) succeed, in words; null while it goes on and when it did. */
export function troubleOf(job: Job, { studio: text, checks }: Dictionary): string | null {
  if (job.state === 'IN_REVIEW') return checks.reviewing;
  if (isOpen(job.state) || job.state === 'SUCCEEDED') return null;
  const state = text.states[job.state] ?? text.notReady;
  if (job.state === 'BLOCKED')
    return [state, foundOf(job.failure, checks), checks.refunded].filter(Boolean).join(' · ');
  const why = job.failure && job.state !== 'CANCELLED' ? text.failures[job.failure.code] : undefined;
  return why && why !== state ? `${state} ${why}` : state;
}
