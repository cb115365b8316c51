import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import styles from './Cost.module.css';
import { useQuote } from './useQuote';
import type { Wish } from './wish';

/** What making this costs, before it is asked for, beside what there is; how much is missing, and until when. */
export function Cost({ wish }: { wish: Wish }) {
  const text = useText().cost;
  const format = useFormat();
  const quote = useQuote(wish);
  const short = quote !== null && quote.missing > 0;
  return (
    <span className={styles.cost} role="status" aria-label={text.label} data-short={short || undefined}>
      {quote && (
        <>
          <span className={styles.total}>{short ? text.missing(quote.missing) : text.total(quote.total)}</span>
          <span className={styles.rest}>
            {short ? text.nextOn(format.dayMonth(quote.nextGrantAt)) : text.of(quote.available)}
          </span>
        </>
      )}
    </span>
  );
}
