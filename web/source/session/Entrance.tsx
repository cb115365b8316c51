import type { ReactNode } from 'react';
import { Brand } from '~/shell/Brand';
import { Page } from '~/shell/Page';
import styles from './Entrance.module.css';
import { Niche } from './Niche';
import { useHung } from './useHung';

/** Logging in or signing up: the form, and beside it on a desktop what hangs here just now. */
export function Entrance({ title, heading, children }: { title: string; heading: string; children: ReactNode }) {
  const hung = useHung(1);
  return (
    <Page title={title} quiet wide tools={<Brand />}>
      <div className={styles.entrance}>
        <div className={styles.words}>
          <h2>{heading}</h2>
          {children}
        </div>
        <div className={styles.art}>
          <Niche hung={hung?.[0]} />
        </div>
      </div>
    </Page>
  );
}
