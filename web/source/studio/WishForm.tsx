import { CalendarClock, Sparkles } from 'lucide-react';
import { type KeyboardEvent, Suspense, useId, useRef, useState } from 'react';
import { Button } from '~/design/Button';
import { IconButton } from '~/design/IconButton';
import { useText } from '~/i18n/language';
import { later } from '~/routing/later';
import { Choices } from './Choices';
import { Cost } from './Cost';
import { Learning } from './Learning';
import { MoreWishes } from './MoreWishes';
import { Places } from './Places';
import { Prompting } from './Prompting';
import { type OpenPost, Publishing } from './Publishing';
import { References } from './References';
import { StyleChoice } from './StyleChoice';
import { Subject } from './Subject';
import { chosenOf, deedsOf, type Engines } from './useEngines';
import styles from './WishForm.module.css';
import {
  ASPECTS,
  aspectOf,
  fitted,
  isFree,
  LONGEST_PROMPT,
  needsWords,
  sizeOf,
  type Wish,
  withoutPicture,
} from './wish';

const ScheduleWish = later(() => import('./ScheduleWish'));

type Props = {
  engines: Engines;
  wish: Wish;
  onWish: (wish: Wish) => void;
  onMake: () => void;
  busy: boolean;
  /** Why it was refused, by field. */
  refused: Readonly<Record<string, string>>;
  /** Inside the composer: the words and what matters most. */
  small?: boolean;
  /** The post that is published with it, where it may be created in the open. */
  post?: OpenPost | null;
  onPost?: (post: OpenPost | null) => void;
};

/** What to make: words first, then what the chosen model can be told. */
export function WishForm({ engines, wish, onWish, onMake, busy, refused, small = false, post, onPost }: Props) {
  const all = useText();
  const text = all.studio;
  const [scheduling, setScheduling] = useState(false);
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const chosen = chosenOf(engines, wish);
  const { deed } = wish;
  const latest = useRef(wish); // an upload may end while more is typed
  latest.current = wish;
  const ready = (Boolean(wish.prompt.trim()) || !needsWords(deed)) && chosen !== null && !busy;
  const change = (part: Partial<Wish>) => {
    const next = { ...wish, ...part };
    const maker = chosenOf(engines, next); // another deed may want another maker
    onWish(maker ? fitted({ ...next, engine: maker.engine.name, model: maker.model.name }, maker.can) : next);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation(); // the composer around it would post
    if (ready) onMake();
  };
  const problem =
    refused.prompt ??
    refused[''] ??
    refused.imageId ??
    refused.width ??
    refused.height ??
    refused.count ??
    refused.style ??
    refused.scale ??
    refused.maskId ??
    refused.guideId ??
    refused.referenceIds ??
    refused.remixOf ??
    refused.strength;
  return (
    // biome-ignore lint/a11y/useSemanticElements: it stands inside the composer's form, and forms do not nest
    <div className={small ? `${styles.form} ${styles.small}` : styles.form} role="group" aria-label={text.prompt}>
      {deed !== 'GENERATE' && (
        <Subject wish={wish} deeds={deedsOf(engines)} onChange={change} onLetGo={() => onWish(withoutPicture(wish))} />
      )}
      {deed === 'GENERATE' && wish.learnImage && (
        <Learning imageId={wish.learnImage} onLetGo={() => onWish({ ...wish, learnImage: '', learnPost: '' })} />
      )}
      <References
        ids={wish.references}
        most={!small && chosen && (deed === 'GENERATE' || deed === 'EDIT') ? chosen.can.maxReferences : 0}
        onChange={(to) => onWish({ ...latest.current, references: to(latest.current.references) })}
        tools={deed === 'GENERATE' && !small && <Prompting wish={wish} onWish={(to) => change(to(latest.current))} />}
      >
        {isFree(deed) ? (
          <textarea
            ref={area}
            className={styles.prompt}
            value={wish.prompt}
            rows={small ? 2 : 3}
            maxLength={LONGEST_PROMPT}
            dir="auto"
            placeholder={text.placeholders[deed] ?? text.promptPlaceholder}
            aria-label={deed === 'EDIT' ? text.change : text.prompt}
            aria-invalid={Boolean(problem)}
            aria-describedby={problem ? `${id}-problem` : undefined}
            onChange={({ target: { value } }) => onWish({ ...wish, prompt: value })}
            onKeyDown={press}
          />
        ) : (
          <p className={styles.explained}>{text.explained[deed]}</p>
        )}
      </References>
      {problem && (
        <p className={styles.problem} id={`${id}-problem`} role="alert">
          {problem}
        </p>
      )}
      {chosen ? (
        <div className={styles.settings}>
          {deed === 'GENERATE' && (
            <Choices
              label={text.shape}
              value={aspectOf(wish, chosen.can) ?? ''}
              options={ASPECTS.map((aspect) => ({
                value: aspect,
                name: text.shapes[aspect],
                icon: <span className={styles.shape} data-shape={aspect} />,
              }))}
              onChoose={(aspect) => change(sizeOf(aspect, chosen.can))}
            />
          )}
          {deed === 'EDIT' && <Places wish={wish} can={chosen.can} onChange={change} />}
          {deed === 'UPSCALE' && chosen.can.upscaleFactors.length > 1 && (
            <Choices
              label={text.scale}
              value={String(wish.scale)}
              options={chosen.can.upscaleFactors.map((factor) => ({ value: String(factor), name: text.times(factor) }))}
              onChoose={(factor) => change({ scale: Number(factor) })}
            />
          )}
          {deed === 'VARY' && (
            <label className={styles.strength}>
              <span>{text.strength}</span>
              <input
                type="range"
                min={0}
                max={100}
                step={5}
                value={wish.strength}
                aria-valuetext={text.strengthOf(wish.strength)}
                onChange={({ target: { value } }) => change({ strength: Number(value) })}
              />
            </label>
          )}
          {isFree(deed) && chosen.can.maxCount > 1 && (
            <Choices
              label={text.count}
              value={String(wish.count)}
              options={Array.from({ length: chosen.can.maxCount }, (_, index) => ({
                value: String(index + 1),
                name: String(index + 1),
              }))}
              onChoose={(count) => change({ count: Number(count) })}
            />
          )}
          {isFree(deed) && (chosen.can.styles.length > 0 || chosen.can.supportsStyleCodes) && (
            <StyleChoice wish={wish} can={chosen.can} small={small} onChange={change} />
          )}
          <span className={styles.make}>
            {!small && <Cost wish={wish} />}
            {onPost && deed === 'GENERATE' && (
              <IconButton
                label={all.drafts.scheduleWish}
                icon={<CalendarClock />}
                disabled={!ready}
                onClick={() => setScheduling(true)}
              />
            )}
            <Button small={small} busy={busy} disabled={!ready} onClick={onMake}>
              {!busy && <Sparkles aria-hidden="true" />}
              {deed === 'GENERATE' && wish.count > 1 ? text.makeCount(wish.count) : text.act[deed]}
            </Button>
          </span>
        </div>
      ) : (
        <p className={styles.problem}>{text.noEngine}</p>
      )}
      {chosen && onPost && isFree(deed) && <Publishing post={post ?? null} onPost={onPost} error={refused.publish} />}
      {chosen && !small && (
        <MoreWishes engines={engines} chosen={chosen} wish={wish} onChange={change} refused={refused} />
      )}
      <Suspense>
        {scheduling && (
          <ScheduleWish
            wish={wish}
            text={post?.text ?? ''}
            visibility={post?.visibility ?? 'PUBLIC'}
            onClose={() => setScheduling(false)}
          />
        )}
      </Suspense>
    </div>
  );
}
