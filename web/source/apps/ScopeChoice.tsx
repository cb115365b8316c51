import styles from './ScopeChoice.module.css';
import { SCOPES, type Scope, toggled } from './scopes';
import { appWords } from './words';

type Props = { chosen: readonly Scope[]; onChange: (chosen: readonly Scope[]) => void };

/** What a token may do. */
export function ScopeChoice({ chosen, onChange }: Props) {
  const words = appWords.useText();
  return (
    <fieldset className={styles.choice}>
      <legend>{words.scopes}</legend>
      {SCOPES.map((scope) => (
        <label key={scope} className={styles.scope}>
          <input type="checkbox" checked={chosen.includes(scope)} onChange={() => onChange(toggled(chosen, scope))} />
          {words.scope[scope]}
        </label>
      ))}
      <p className={styles.missing} role="alert">
        {chosen.length ? '' : words.scopesMissing}
      </p>
    </fieldset>
  );
}
