import { Sparkles } from 'lucide-react';
import { type KeyboardEvent, useId, useRef } from 'react';
import { Button } from '~/design/Button';
import { useText } from '~/i18n/language';
import { Choices } from './Choices';
import { MoreWishes } from './MoreWishes';
import { chosenOf, type Engines } from './useEngines';
import styles from './WishForm.module.css';
import { ASPECTS, aspectOf, fitted, LONGEST_PROMPT, sizeOf, type Wish } from './wish';

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
};

/** What to make: words first, then what the chosen model can be told. */
export function WishForm({ engines, wish, onWish, onMake, busy, refused, small = false }: Props) {
  const text = useText().studio;
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const chosen = chosenOf(engines, wish);
  const ready = Boolean(wish.prompt.trim()) && chosen !== null && !busy;
  const change = (part: Partial<Wish>) =>
    onWish(chosen ? fitted({ ...wish, ...part }, chosen.can) : { ...wish, ...part });
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation(); // the composer around it would post
    if (ready) onMake();
  };
  const problem = refused.prompt ?? refused[''] ?? refused.width ?? refused.height ?? refused.count ?? refused.style;
  return (
    // biome-ignore lint/a11y/useSemanticElements: it stands inside the composer's form, and forms do not nest
    <div className={small ? `${styles.form} ${styles.small}` : styles.form} role="group" aria-label={text.prompt}>
      <textarea
        ref={area}
        className={styles.prompt}
        value={wish.prompt}
        rows={small ? 2 : 3}
        maxLength={LONGEST_PROMPT}
        dir="auto"
        placeholder={text.promptPlaceholder}
        aria-label={text.prompt}
        aria-invalid={Boolean(problem)}
        aria-describedby={problem ? `${id}-problem` : undefined}
        onChange={({ target: { value } }) => onWish({ ...wish, prompt: value })}
        onKeyDown={press}
      />
      {problem && (
        <p className={styles.problem} id={`${id}-problem`} role="alert">
          {problem}
        </p>
      )}
      {chosen ? (
        <div className={styles.settings}>
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
          {chosen.can.maxCount > 1 && (
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
          {chosen.can.styles.length > 0 && (
            <label className={styles.style}>
              <span className="visually-hidden">{text.style}</span>
              <select value={wish.style} onChange={({ target: { value } }) => change({ style: value })}>
                <option value="">{text.noStyle}</option>
                {chosen.can.styles.map((style) => (
                  <option key={style} value={style}>
                    {text.styles[style] ?? style}
                  </option>
                ))}
              </select>
            </label>
          )}
          <Button className={styles.make} small={small} busy={busy} disabled={!ready} onClick={onMake}>
            {!busy && <Sparkles aria-hidden="true" />}
            {wish.count > 1 ? text.makeCount(wish.count) : text.make}
          </Button>
        </div>
      ) : (
        <p className={styles.problem}>{text.noEngine}</p>
      )}
      {chosen && !small && (
        <MoreWishes engines={engines} chosen={chosen} wish={wish} onChange={change} refused={refused} />
      )}
    </div>
  );
}
