import { useSyncExternalStore } from 'react';
import { useLocation } from 'react-router';
import { heading } from '~/routing/direction';
import styles from './Progress.module.css';

/** A thin line over the page while the next one is on its way. The page that is shown stays in use meanwhile. */
export function Progress() {
  const { key } = useLocation();
  const next = useSyncExternalStore(heading.subscribe, heading.get);
  return next !== null && next !== key ? <div className={styles.line} aria-hidden="true" /> : null;
}
