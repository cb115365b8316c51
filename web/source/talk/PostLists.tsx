import type { ReactNode } from 'react';
import { NavLink } from 'react-router';
import { useText } from '~/i18n/language';
import { places } from '~/routing/places';
import { Page } from '~/shell/Page';
import styles from './PostLists.module.css';

/** The frame of the three lists of what others did with a post. */
export function PostLists({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  const text = useText().talk;
  const tabs = [
    [places.likes(id), text.likes],
    [places.reposts(id), text.reposts],
    [places.quotes(id), text.quotes],
  ] as const;
  return (
    <Page title={title} back>
      <nav className={styles.tabs} aria-label={text.aboutPost}>
        {tabs.map(([to, label]) => (
          <NavLink key={to} to={to} replace>
            {label}
          </NavLink>
        ))}
      </nav>
      {children}
    </Page>
  );
}
