import { Button } from '~/design/Button';
import { SelectField } from '~/design/Field';
import { Segments } from '~/design/Segments';
import { useFormat } from '~/i18n/format';
import styles from './Build.module.css';
import { type Draft, SIGNALS } from './draft';
import { feedWords } from './words';

type Props = { draft: Draft; onChange: (some: Partial<Draft>) => void };

const HALF_LIVES = [6, 18, 72, 336];
const LARGEST = 10;
const STEP = 0.5;

/** In which order a feed stands, and what counts for it. */
export function OrderFields({ draft, onChange }: Props) {
  const words = feedWords.useText();
  const text = words.build;
  const format = useFormat();
  const ranked = draft.order === 'RANKED';
  const weighed = Object.values(draft.weights).some((weight) => weight !== 1);
  return (
    <fieldset className={styles.part}>
      <legend>{text.order}</legend>
      <div className={styles.start}>
        <Segments
          label={text.order}
          value={draft.order}
          onChange={(order: Draft['order']) => onChange({ order })}
          options={[
            { value: 'NEWEST', label: text.orders.NEWEST },
            { value: 'RANKED', label: text.orders.RANKED },
          ]}
        />
      </div>
      <p className={styles.hint}>{ranked ? text.rankedHint : text.newestHint}</p>
      {ranked && (
        <>
          <SelectField
            label={text.halfLife}
            value={draft.halfLifeHours}
            onChange={({ target: { value } }) => onChange({ halfLifeHours: Number(value) })}
          >
            {[...new Set([...HALF_LIVES, draft.halfLifeHours])]
              .sort((one, other) => one - other)
              .map((hours) => (
                <option key={hours} value={hours}>
                  {text.halfLives[hours] ?? hours}
                </option>
              ))}
          </SelectField>
          <fieldset className={styles.weights}>
            <legend>{text.weights}</legend>
            {SIGNALS.map((signal) => {
              const name = words.signals[signal] ?? signal;
              const weight = draft.weights[signal] ?? 1;
              return (
                <label key={signal} className={styles.weight}>
                  <span>{name}</span>
                  <input
                    type="range"
                    min={0}
                    max={LARGEST}
                    step={STEP}
                    value={weight}
                    aria-valuetext={text.weight(name, format.number(weight))}
                    onChange={({ target: { value } }) =>
                      onChange({ weights: { ...draft.weights, [signal]: Number(value) } })
                    }
                  />
                  <output data-usual={weight === 1 || undefined}>× {format.number(weight)}</output>
                </label>
              );
            })}
          </fieldset>
          {weighed && (
            <Button small look="quiet" className={styles.start} onClick={() => onChange({ weights: {} })}>
              {text.reset}
            </Button>
          )}
        </>
      )}
    </fieldset>
  );
}
