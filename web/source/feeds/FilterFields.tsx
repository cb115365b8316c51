import { useState } from 'react';
import { Field, SelectField } from '~/design/Field';
import { Segments } from '~/design/Segments';
import { useLanguage } from '~/i18n/language';
import styles from './Build.module.css';
import { CHOSEN, type Choice, type Draft, typedList } from './draft';
import { feedWords } from './words';

type Props = { draft: Draft; onChange: (some: Partial<Draft>) => void };

const CODES = ['ar', 'de', 'el', 'en', 'es', 'fr', 'he', 'hi', 'it', 'ja', 'ko', 'pt', 'ru', 'th', 'uk', 'zh'];
const AGES = [0, 24, 72, 168, 720, 8760];
const MOST_LANGUAGES = 5;
const CHOICES: readonly Choice[] = ['ALL', 'ONLY', 'NONE'];

/** Which posts a feed shows. */
export function FilterFields({ draft, onChange }: Props) {
  const text = feedWords.useText().build;
  const names = new Intl.DisplayNames(useLanguage(), { type: 'language' });
  return (
    <fieldset className={styles.part}>
      <legend>{text.filters}</legend>
      <p className={styles.hint}>{text.filtersHint}</p>
      {CHOSEN.map((name) => (
        <div key={name} className={styles.choice}>
          <span>{text[name]}</span>
          <Segments
            label={text[name]}
            value={draft.chosen[name]}
            onChange={(choice: Choice) => onChange({ chosen: { ...draft.chosen, [name]: choice } })}
            options={CHOICES.map((value) => ({ value, label: text.choices[value] }))}
          />
        </div>
      ))}
      <fieldset className={styles.languages}>
        <legend>{text.languages}</legend>
        {CODES.map((code) => {
          const chosen = draft.languages.includes(code);
          return (
            <button
              key={code}
              type="button"
              className={styles.chip}
              aria-pressed={chosen}
              disabled={!chosen && draft.languages.length >= MOST_LANGUAGES}
              onClick={() =>
                onChange({
                  languages: chosen ? draft.languages.filter((one) => one !== code) : [...draft.languages, code],
                })
              }
            >
              {names.of(code)}
            </button>
          );
        })}
      </fieldset>
      <div className={styles.pair}>
        <Field
          label={text.minLikes}
          type="number"
          inputMode="numeric"
          min={0}
          max={1_000_000}
          value={draft.minLikes ?? ''}
          onChange={({ target: { value } }) =>
            onChange({ minLikes: Math.min(1_000_000, Math.floor(Number(value))) || null })
          }
        />
        <SelectField
          label={text.age}
          value={draft.maxAgeHours ?? 0}
          onChange={({ target: { value } }) => onChange({ maxAgeHours: Number(value) || null })}
        >
          {[...new Set([...AGES, draft.maxAgeHours ?? 0])]
            .sort((one, other) => one - other)
            .map((hours) => (
              <option key={hours} value={hours}>
                {text.ages[hours] ?? hours}
              </option>
            ))}
        </SelectField>
      </div>
      <Typed
        label={text.withoutWords}
        hint={text.withoutWordsHint}
        value={draft.withoutWords}
        onChange={(withoutWords) => onChange({ withoutWords })}
      />
      <Typed
        label={text.withoutHashtags}
        hint={text.withoutHashtagsHint}
        value={draft.withoutHashtags}
        separator={/[\s,]+/}
        onChange={(withoutHashtags) => onChange({ withoutHashtags })}
      />
      <Typed
        label={text.models}
        hint={text.modelsHint}
        value={draft.models}
        onChange={(models) => onChange({ models })}
      />
    </fieldset>
  );
}

type TypedProps = {
  label: string;
  hint: string;
  value: readonly string[];
  separator?: RegExp;
  onChange: (value: readonly string[]) => void;
};

function Typed({ label, hint, value, separator, onChange }: TypedProps) {
  const [typed, setTyped] = useState(value.join(', '));
  return (
    <Field
      label={label}
      hint={hint}
      value={typed}
      autoComplete="off"
      onChange={({ target }) => {
        setTyped(target.value);
        onChange(typedList(target.value, separator));
      }}
    />
  );
}
