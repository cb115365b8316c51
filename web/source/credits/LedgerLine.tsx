import { graphql, useFragment } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { LedgerLine_entry$key } from '~/__generated__/LedgerLine_entry.graphql';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { places } from '~/routing/places';
import { signedAmount } from './amount';
import styles from './Ledger.module.css';

/** A line of the ledger: what, how much, when, for which job. */
export function LedgerLine({ entry: key }: { entry: LedgerLine_entry$key }) {
  const text = useText().credits;
  const format = useFormat();
  const { kind, amount, createdAt, outputIndex, note, job } = useFragment(
    graphql`
      fragment LedgerLine_entry on CreditEntry {
        kind
        amount
        createdAt
        outputIndex
        note
        job {
          prompt
          outputs {
            index
          }
          thread {
            id
          }
        }
      }
    `,
    key,
  );
  const signed = signedAmount(kind, amount);
  const many = (job?.outputs.length ?? 0) > 1;
  const name = job && (job.prompt || text.noWords);
  return (
    <li className={styles.line}>
      <div className={styles.words}>
        <p className={styles.what}>
          {text.kinds[kind] ?? kind}
          {many && typeof outputIndex === 'number' && <> · {text.picture(outputIndex + 1)}</>}
        </p>
        {note && (
          <p className={styles.note} dir="auto">
            {note}
          </p>
        )}
        <p className={styles.when}>
          <time dateTime={createdAt}>{format.moment(createdAt)}</time>
        </p>
        {name && (
          <p className={styles.job}>
            {job.thread ? (
              <Link to={places.thread(job.thread.id)} dir="auto" aria-label={text.forJob(name)}>
                {name}
              </Link>
            ) : (
              <span dir="auto">{name}</span>
            )}
          </p>
        )}
      </div>
      <span className={styles.amount} data-way={signed.way}>
        {signed.sign}
        {format.number(signed.credits)}
      </span>
    </li>
  );
}
