import type { ReactNode } from 'react';
import type { Entry_edge$key } from '~/__generated__/Entry_edge.graphql';
import { Entry } from './Entry';
import { More } from './More';
import { useKeptPlace } from './useKeptPlace';

export type FeedEdge = Entry_edge$key & {
  readonly node: { readonly id: string } | null;
  readonly repostedBy?: { readonly id: string } | null;
};

type Props = {
  label: string;
  edges: readonly FeedEdge[];
  hasNext: boolean;
  isLoading: boolean;
  failed: boolean;
  load: () => void;
  /** What stands there instead when there is nothing. */
  empty: ReactNode;
};

/** Posts one under another, as far down as there are any. */
export function Feed({ label, edges, hasNext, isLoading, failed, load, empty }: Props) {
  useKeptPlace();
  const shown = edges.filter(({ node }) => node); // a post that was deleted leaves an edge without one
  if (!shown.length && !hasNext) return empty;
  return (
    <>
      <ul aria-label={label}>
        {shown.map((edge, index) => (
          <Entry key={`${edge.node?.id} ${edge.repostedBy?.id ?? ''}`} edge={edge} index={index} />
        ))}
      </ul>
      <More hasNext={hasNext} isLoading={isLoading} failed={failed} load={load} />
    </>
  );
}
