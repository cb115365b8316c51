import { Dices, SlidersHorizontal, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Field, SelectField } from '~/design/Field';
import { IconButton } from '~/design/IconButton';
import { useText } from '~/i18n/language';
import styles from './MoreWishes.module.css';
import { type chosenOf, type Engines, makersOf } from './useEngines';
import { anySeed, isFree, isSeed, LONGEST_NEGATIVE, type Wish } from './wish';

type Props = {
  engines: Engines;
  chosen: NonNullable<ReturnType<typeof chosenOf>>;
  wish: Wish;
  onChange: (part: Partial<Wish>) => void;
  refused: Readonly<Record<string, string>>;
};

/** What few people need: an exact size, the seed, the background, the engine. */
export function MoreWishes({ engines, chosen, wish, onChange, refused }: Props) {
  const text = useText().studio;
  const { can, engine, model } = chosen;
  const sides = text.sides(can.minSide, can.maxSide, can.sideStep);
  const models = makersOf(engines, wish.deed).map(({ engine: { name, available }, model: one }) => ({
    key: `${name}/${one.name}`,
    engine: name,
    model: one.name,
    label: available ? one.name : text.engineAway(one.name),
  }));
  const free = isFree(wish.deed);
  return (
    <details className={styles.more}>
      <summary>
        <SlidersHorizontal aria-hidden="true" />
        {text.more}
        {wish.seed && <span className={styles.set}>{`${text.seed} ${wish.seed}`}</span>}
      </summary>
      <div className={styles.fields}>
        {wish.deed === 'GENERATE' && (
          <>
            <Side
              label={text.width}
              hint={sides}
              error={refused.width}
              value={wish.width}
              can={can}
              onSide={(width) => onChange({ width })}
            />
            <Side
              label={text.height}
              error={refused.height}
              value={wish.height}
              can={can}
              onSide={(height) => onChange({ height })}
            />
          </>
        )}
        {free && can.supportsSeeds && (
          <div className={styles.seed}>
            <Field
              label={text.seed}
              hint={text.seedHint}
              error={isSeed(wish.seed) ? refused.seed : text.seedWrong}
              inputMode="numeric"
              value={wish.seed}
              onChange={({ target: { value } }) => onChange({ seed: value.trim() })}
            />
            <div className={styles.seedTools}>
              <IconButton label={text.dice} icon={<Dices />} onClick={() => onChange({ seed: anySeed() })} />
              {wish.seed && <IconButton label={text.noSeed} icon={<X />} onClick={() => onChange({ seed: '' })} />}
            </div>
          </div>
        )}
        {free && can.supportsTransparentBackground && (
          <SelectField
            label={text.background}
            error={refused.background}
            value={wish.transparent ? 'transparent' : 'opaque'}
            onChange={({ target: { value } }) => onChange({ transparent: value === 'transparent' })}
          >
            <option value="opaque">{text.opaque}</option>
            <option value="transparent">{text.transparent}</option>
          </SelectField>
        )}
        {free && can.qualities.length > 1 && (
          <SelectField
            label={text.quality}
            error={refused.quality}
            value={wish.quality}
            onChange={({ target: { value } }) => onChange({ quality: value })}
          >
            <option value="">{text.usual}</option>
            {can.qualities.map((quality) => (
              <option key={quality} value={quality}>
                {text.qualities[quality] ?? quality}
              </option>
            ))}
          </SelectField>
        )}
        {can.outputFormats.length > 1 && (
          <SelectField
            label={text.format}
            error={refused.outputFormat}
            value={wish.format}
            onChange={({ target: { value } }) => onChange({ format: value })}
          >
            <option value="">{text.usual}</option>
            {can.outputFormats.map((format) => (
              <option key={format} value={format}>
                {format.toUpperCase()}
              </option>
            ))}
          </SelectField>
        )}
        <SelectField
          label={text.engine}
          error={refused.engine ?? refused.model}
          value={`${engine.name}/${model.name}`}
          onChange={({ target: { value } }) => {
            const one = models.find(({ key }) => key === value);
            if (one) onChange({ engine: one.engine, model: one.model });
          }}
        >
          {models.map(({ key, label }) => (
            <option key={key} value={key}>
              {label}
            </option>
          ))}
        </SelectField>
        {free && can.supportsNegativePrompts && (
          <Field
            label={text.negative}
            error={refused.negativePrompt}
            maxLength={LONGEST_NEGATIVE}
            value={wish.negative}
            onChange={({ target: { value } }) => onChange({ negative: value })}
          />
        )}
      </div>
    </details>
  );
}

type SideProps = {
  label: string;
  hint?: string;
  error: string | undefined;
  value: number;
  can: { readonly minSide: number; readonly maxSide: number; readonly sideStep: number };
  onSide: (pixels: number) => void;
};

/** A side in pixels. What is typed is brought to what the model takes when the field is left, not under the fingers. */
function Side({ value, can, onSide, ...rest }: SideProps) {
  const [typed, setTyped] = useState(String(value));
  useEffect(() => setTyped(String(value)), [value]);
  return (
    <Field
      {...rest}
      type="number"
      min={can.minSide}
      max={can.maxSide}
      step={can.sideStep}
      value={typed}
      onChange={({ target }) => setTyped(target.value)}
      onBlur={() => {
        onSide(Number(typed) || value);
        setTyped(String(value));
      }}
    />
  );
}
