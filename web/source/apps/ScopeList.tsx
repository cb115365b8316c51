import { Check } from 'lucide-react';
import styles from './Apps.module.css';
import { appWords } from './words';

/** What somebody allowed, in plain words, folded. */
export function ScopeList({ scopes }: { scopes: readonly string[] }) {
  const words = appWords.useText();
  return (
    <details className={styles.may}>
      <summary>{words.scopeCount(scopes.length)}</summary>
      <Allowed scopes={scopes} />
    </details>
  );
}

/** What is allowed, in plain words. */
export function Allowed({ scopes }: { scopes: readonly string[] }) {
  const words = appWords.useText();
  return (
    <ul className={styles.allowed}>
      {scopes.map((scope) => (
        <li key={scope}>
          <Check aria-hidden="true" />
          {words.scope[scope] ?? scope}
        </li>
      ))}
    </ul>
  );
}
