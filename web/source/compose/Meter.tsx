import { useText } from '~/i18n/language';
import styles from './Meter.module.css';
import { LONGEST } from './measure';

const NEAR = 40;
const SAID: readonly number[] = [50, 20, 10, 0, -1];
const ROUND = 2 * Math.PI * 9;

/** How full a post is: a ring, the number when it comes near, and words for who hears it. */
export function Meter({ length }: { length: number }) {
  const text = useText().compose;
  const left = LONGEST - length;
  const look = left < 0 ? styles.over : left <= NEAR ? styles.near : '';
  return (
    <span className={`${styles.meter} ${look}`} title={left < 0 ? text.over(-left) : text.left(left)}>
      <span className="visually-hidden" role="status">
        {SAID.includes(left) && (left < 0 ? text.over(-left) : text.left(left))}
      </span>
      {left <= NEAR && <span aria-hidden="true">{left}</span>}
      {length > 0 && (
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <circle cx="12" cy="12" r="9" />
          <circle
            cx="12"
            cy="12"
            r="9"
            className={styles.full}
            strokeDasharray={ROUND}
            strokeDashoffset={ROUND * (1 - Math.min(1, length / LONGEST))}
          />
        </svg>
      )}
    </span>
  );
}
