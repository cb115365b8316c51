import type { ReactNode } from 'react';
import { NavLink } from 'react-router';
import { moderationWords } from '~/report/words';
import { places } from '~/routing/places';
import { Empty } from '~/shell/Empty';
import { Page } from '~/shell/Page';
import styles from './Desk.module.css';

type Counts = { readonly waitingCaseCount: number; readonly waitingAppealCount: number } | null | undefined;

/** The frame of the desk's lists; who does not work there is told so. */
export function DeskTabs({ desk, children }: { desk: Counts; children: ReactNode }) {
  const words = moderationWords.useText();
  if (!desk) {
    return (
      <Page title={words.desk}>
        <Empty title={words.desk} text={words.deskText} />
      </Page>
    );
  }
  const tabs = [
    [places.desk, words.counted(words.tabs.queue, desk.waitingCaseCount)],
    [places.deskTab('appeals'), words.counted(words.tabs.appeals, desk.waitingAppealCount)],
    [places.deskTab('held'), words.tabs.held],
    [places.deskTab('closed'), words.tabs.closed],
    [places.deskTab('rules'), words.tabs.rules],
    [places.deskTab('log'), words.tabs.log],
    [places.deskTab('team'), words.tabs.team],
  ] as const;
  return (
    <Page title={words.desk}>
      <nav className={styles.tabs} aria-label={words.desk}>
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
