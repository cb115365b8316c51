import { Button } from '~/design/Button';
import { Field, SelectField } from '~/design/Field';
import { type Definition, TONGUES } from './definition';
import styles from './Labelers.module.css';
import { labelerWords } from './words';

type Props = {
  number: number;
  value: Definition;
  onChange: (value: Definition) => void;
  onRemove: () => void;
};

/** A label of one's own while it is written. */
export function DefinitionFields({ number, value, onChange, onRemove }: Props) {
  const words = labelerWords.useText();
  const options = (named: Record<string, string>) =>
    Object.entries(named).map(([one, name]) => (
      <option key={one} value={one}>
        {name}
      </option>
    ));
  return (
    <fieldset className={styles.definition}>
      <legend>{words.label(number)}</legend>
      <Field
        label={words.identifier}
        hint={words.identifierHint}
        maxLength={30}
        autoCapitalize="none"
        spellCheck={false}
        value={value.identifier}
        onChange={({ target }) => onChange({ ...value, identifier: target.value.toLowerCase() })}
      />
      {TONGUES.map((tongue) => (
        <div key={tongue} className={styles.pair}>
          <Field
            label={words.nameIn[tongue]}
            maxLength={80}
            lang={tongue.toLowerCase()}
            value={value.names[tongue]}
            onChange={({ target }) => onChange({ ...value, names: { ...value.names, [tongue]: target.value } })}
          />
          <Field
            label={words.meaningIn[tongue]}
            maxLength={600}
            lang={tongue.toLowerCase()}
            value={value.meanings[tongue]}
            onChange={({ target }) => onChange({ ...value, meanings: { ...value.meanings, [tongue]: target.value } })}
          />
        </div>
      ))}
      <div className={styles.pair}>
        <SelectField
          label={words.severity}
          value={value.severity}
          onChange={({ target }) => onChange({ ...value, severity: target.value })}
        >
          {options(words.severities)}
        </SelectField>
        <SelectField
          label={words.blur}
          value={value.blur}
          onChange={({ target }) => onChange({ ...value, blur: target.value })}
        >
          {options(words.blurs)}
        </SelectField>
        <SelectField
          label={words.proposal}
          value={value.defaultChoice}
          onChange={({ target }) => onChange({ ...value, defaultChoice: target.value })}
        >
          {options(words.choices)}
        </SelectField>
      </div>
      <div className={styles.buttons}>
        <Button look="quiet" small onClick={onRemove}>
          {words.remove(number)}
        </Button>
      </div>
    </fieldset>
  );
}
