import type { Draft } from './draft';
import styles from './Feeds.module.css';
import { explained } from './told';
import { feedWords } from './words';

/** What a feed shows, in words. */
export function Explained({ draft }: { draft: Draft }) {
  const text = feedWords.useText();
  const { sentence, facts } = explained(text, draft);
  return (
    <div className={styles.explained}>
      <p>{sentence}</p>
      {facts.length > 0 && (
        <ul className={styles.chips}>
          {facts.map((fact) => (
            <li key={fact}>{fact}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
