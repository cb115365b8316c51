import { useCallback, useEffect, useRef, useState } from 'react';
import { fetchQuery, graphql, useRelayEnvironment } from 'react-relay/hooks';
import type { useHomePlaceBelowQuery } from '~/__generated__/useHomePlaceBelowQuery.graphql';
import type { useHomePlaceMutation } from '~/__generated__/useHomePlaceMutation.graphql';
import { useAction } from '~/relay/useAction';
import { bringTo, readNow } from '~/timeline/useKeptPlace';

const QUIET_MS = 1_500; // after the last scrolling the place is kept
const PAGE = 100;
const MOST_PAGES = 5;
const TOP_PIXELS = 80;
const READING = 'fresque.reading-home'; // in this tab, until it is closed

type Pagination = {
  hasNext: boolean;
  loadNext: (count: number, options: { onComplete: (error: Error | null) => void }) => unknown;
};

const entryAt = (cursors: readonly string[]): HTMLElement | null =>
  cursors
    .map((cursor) => document.querySelector<HTMLElement>(`main [data-cursor="${CSS.escape(cursor)}"]`))
    .find((entry) => entry !== null) ?? null;

/**
 * How far one has read at home, kept for all of one's devices as one reads. `goOn` leads to where it was left when the page was opened,
 * and is null where there is nothing to go on to: never read, or read to the top. A reload goes on by itself.
 */
export function useHomePlace(kept: string | null | undefined, { hasNext, loadNext }: Pagination) {
  const environment = useRelayEnvironment();
  const [left] = useState(kept); // as the page was opened: what is kept meanwhile is where it is read
  const [there, setThere] = useState(!left);
  const [busy, setBusy] = useState(false);
  const said = useRef(left);
  const pages = useRef({ hasNext, loadNext });
  useEffect(() => {
    pages.current = { hasNext, loadNext };
  });
  const [keep] = useAction<useHomePlaceMutation>(graphql`
    mutation useHomePlaceMutation($input: KeepHomePlaceInput!) {
      keepHomePlace(input: $input) {
        userErrors {
          code
        }
      }
    }
  `);

  useEffect(() => {
    let timer = 0;
    const save = () => {
      clearTimeout(timer);
      timer = 0;
      const cursor = readNow()?.dataset.cursor;
      if (!cursor || cursor === said.current) return;
      said.current = cursor;
      const forget = () => {
        said.current = null; // the next one that is read is said again
      };
      keep({ input: { cursor }, onFailed: forget, onRefused: forget });
    };
    // Whoever opens the page and reads nothing leaves the place where it is.
    const scrolled = () => {
      sessionStorage.setItem(READING, 'yes');
      clearTimeout(timer);
      timer = window.setTimeout(save, QUIET_MS);
    };
    const hidden = () => {
      if (document.visibilityState === 'hidden' && timer) save();
    };
    const began = () => addEventListener('scroll', scrolled, { passive: true });
    for (const name of ['wheel', 'touchmove', 'keydown', 'pointerdown'])
      addEventListener(name, began, { passive: true });
    document.addEventListener('visibilitychange', hidden);
    return () => {
      clearTimeout(timer);
      for (const name of ['wheel', 'touchmove', 'keydown', 'pointerdown']) removeEventListener(name, began);
      removeEventListener('scroll', scrolled);
      document.removeEventListener('visibilitychange', hidden);
    };
  }, [keep]);

  const goOn = useCallback(async () => {
    if (!left) return;
    setBusy(true);
    const next = () =>
      new Promise<boolean>((resolve) => {
        // Shown in the frame after the next.
        pages.current.loadNext(PAGE, {
          onComplete: (error) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(error === null))),
        });
      });
    let targets = [left];
    if (!entryAt(targets)) {
      // The post may have gone: then what lies below it.
      const found = await fetchQuery<useHomePlaceBelowQuery>(
        environment,
        graphql`
          query useHomePlaceBelowQuery($after: String!) {
            viewer {
              homeTimeline(first: 1, after: $after) {
                edges {
                  cursor
                }
              }
            }
          }
        `,
        { after: left },
      )
        .toPromise()
        .catch(() => undefined);
      const below = found?.viewer?.homeTimeline?.edges[0]?.cursor;
      if (below) targets = [left, below];
    }
    for (let page = 0; page < MOST_PAGES && !entryAt(targets) && pages.current.hasNext; page++)
      if (!(await next())) break;
    bringTo(() => entryAt(targets), TOP_PIXELS);
    setBusy(false);
    setThere(true);
  }, [environment, left]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: as the page appears
  useEffect(() => {
    if (!left) return;
    const first = document.querySelector<HTMLElement>('main [data-cursor]')?.dataset.cursor;
    const [how] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    if (first === left) setThere(true);
    else if (how?.type === 'reload' && sessionStorage.getItem(READING)) void goOn();
  }, []);

  return { goOn: there ? null : goOn, busy };
}
