import { Plus, X } from 'lucide-react';
import { useId } from 'react';
import { Button } from '~/design/Button';
import { IconButton } from '~/design/IconButton';
import { useText } from '~/i18n/language';
import type { Store } from '~/state/store';
import type { Draft } from './draft';
import styles from './PollMaker.module.css';
import { DAY_MINUTES, FEWEST_OPTIONS, isAskable, LONGEST_OPTION, MOST_OPTIONS, type PollDraft, TIMES } from './poll';

type Props = { store: Store<Draft>; poll: PollDraft; editing: boolean };

/** What a post asks: the answers, for how long, and how. */
export function PollMaker({ store, poll, editing }: Props) {
  const text = useText();
  const words = text.polls;
  const id = useId();
  const { options } = poll;
  const change = (some: Partial<PollDraft>) =>
    store.update((now) => (now.poll ? { ...now, poll: { ...now.poll, ...some } } : now));
  const wrong = options.every((one) => one.trim()) && !isAskable(poll);
  return (
    <fieldset className={styles.poll}>
      <legend>{words.title}</legend>
      {options.map((option, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an answer has no other identity than its place
        <div className={styles.option} key={index}>
          <input
            value={option}
            maxLength={LONGEST_OPTION * 2}
            dir="auto"
            placeholder={words.option(index + 1)}
            aria-label={words.option(index + 1)}
            aria-invalid={wrong || undefined}
            aria-describedby={wrong ? `${id}-wrong` : undefined}
            onChange={({ target: { value } }) =>
              change({ options: options.map((one, at) => (at === index ? value : one)) })
            }
          />
          {options.length > FEWEST_OPTIONS && (
            <IconButton
              label={words.removeOption(index + 1)}
              icon={<X />}
              onClick={() => change({ options: options.filter((_, at) => at !== index) })}
            />
          )}
        </div>
      ))}
      {wrong && (
        <p id={`${id}-wrong`} className={styles.wrong} role="alert">
          {words.wrong}
        </p>
      )}
      {options.length < MOST_OPTIONS && (
        <span>
          <Button small look="quiet" onClick={() => change({ options: [...options, ''] })}>
            <Plus aria-hidden="true" size={16} /> {words.addOption}
          </Button>
        </span>
      )}
      <label className={styles.line}>
        <span>{words.open}</span>
        <select value={poll.minutes} onChange={({ target }) => change({ minutes: Number(target.value) })}>
          {TIMES.map((one) => (
            <option key={one} value={one}>
              {one < 60
                ? words.minutes(one)
                : one < DAY_MINUTES
                  ? words.hours(one / 60)
                  : words.days(one / DAY_MINUTES)}
            </option>
          ))}
        </select>
      </label>
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={poll.multiple}
          onChange={({ target }) => change({ multiple: target.checked })}
        />
        {words.multiple}
      </label>
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={poll.hidesResults}
          onChange={({ target }) => change({ hidesResults: target.checked })}
        />
        {words.hides}
      </label>
      {editing && <p className={styles.note}>{words.reset}</p>}
    </fieldset>
  );
}
