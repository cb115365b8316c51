import { useSyncExternalStore } from 'react';
import { useText } from '~/i18n/language';
import styles from './Badge.module.css';
import { unread } from './news';

const MOST = 99;

/** How much is unread, beside the bell; nothing when nothing is. */
export function Badge() {
  const count = useSyncExternalStore(unread.subscribe, unread.get);
  const text = useText().bell;
  if (!count) return null;
  return (
    <span className={styles.badge} data-unread={count}>
      <span aria-hidden="true">{count > MOST ? `${MOST}+` : count}</span>
      <span className="visually-hidden">{text.unread(count)}</span>
    </span>
  );
}
