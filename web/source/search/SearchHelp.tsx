import { useText } from '~/i18n/language';
import styles from './SearchPage.module.css';

const SIGNS = [
  ['"…"', 'phrase'],
  ['-…', 'without'],
  ['… OR …', 'either'],
  ['…*', 'begins'],
  ['#…', 'tag'],
  ['from:@…', 'from'],
  ['to:@…', 'to'],
  ['has:image', 'has'],
  ['is:remix', 'is'],
  ['since:2026-05-01', 'since'],
  ['until:2026-06-01', 'until'],
  ['min_likes:10', 'likes'],
  ['lang:fr', 'language'],
  ['model:…', 'model'],
  ['prompt:…', 'prompt'],
] as const;

/** What can be written into the line, folded unless there is nothing else to show. */
export function SearchHelp({ open = false }: { open?: boolean }) {
  const { search: text } = useText();
  return (
    <details className={styles.help} open={open}>
      <summary>{text.help}</summary>
      <p>{text.helpText}</p>
      <dl className={styles.operators}>
        {SIGNS.map(([sign, name]) => (
          <div key={sign} style={{ display: 'contents' }}>
            <dt>{sign}</dt>
            <dd>{text.operators[name]}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
