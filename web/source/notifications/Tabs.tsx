import { Settings } from 'lucide-react';
import { type ReactNode, useSyncExternalStore } from 'react';
import { Link, NavLink } from 'react-router';
import { useText } from '~/i18n/language';
import { places } from '~/routing/places';
import { Page } from '~/shell/Page';
import styles from './Notifications.module.css';
import { waiting } from './news';

/** The frame of the lists of what one is told of. */
export function Tabs({ children }: { children: ReactNode }) {
  const text = useText();
  const held = useSyncExternalStore(waiting.subscribe, waiting.get);
  const tabs = [
    [places.notifications, text.bell.all],
    [places.mentions, text.bell.mentions],
    [places.held, held ? text.bell.heldCount(held) : text.bell.held],
  ] as const;
  return (
    <Page
      title={text.places.notifications}
      tools={
        <Link to={places.notificationSettings} className={styles.settings} aria-label={text.bell.settings}>
          <Settings aria-hidden="true" />
        </Link>
      }
    >
      <nav className={styles.tabs} aria-label={text.places.notifications}>
        {tabs.map(([to, label]) => (
          <NavLink key={to} to={to} end replace className={styles.tab}>
            {label}
          </NavLink>
        ))}
      </nav>
      {children}
    </Page>
  );
}
