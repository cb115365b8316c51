import type { ReactNode } from 'react';
import { More } from '~/timeline/More';
import styles from './People.module.css';

type Props<N> = {
  label: string;
  edges: readonly { readonly node: N | null }[];
  hasNext: boolean;
  isLoading: boolean;
  failed: boolean;
  load: () => void;
  /** What it says when there is nobody. */
  none: ReactNode;
  row: (node: N) => ReactNode;
};

/** People one under another, as far down as there are any. */
export function PeopleList<N>({ label, edges, hasNext, isLoading, failed, load, none, row }: Props<N>) {
  const shown = edges.flatMap(({ node }) => (node ? [node] : []));
  if (!shown.length && !hasNext) return typeof none === 'string' ? <p className={styles.none}>{none}</p> : none;
  return (
    <>
      <ul aria-label={label}>{shown.map(row)}</ul>
      {hasNext && <More hasNext={hasNext} isLoading={isLoading} failed={failed} load={load} />}
    </>
  );
}
