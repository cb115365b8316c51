import { useEffect, useEffectEvent, useRef } from 'react';
import { Button } from '~/design/Button';
import { Spinner } from '~/design/Spinner';
import { useText } from '~/i18n/language';
import styles from './Feed.module.css';

const AHEAD = '1800px 0px'; // how far before the end the next page is asked for

type Props = { hasNext: boolean; isLoading: boolean; failed: boolean; load: () => void; end?: string };

/** The foot of a list: fetches what comes next before it is reached; says when there is no more, and when it failed. */
export function More({ hasNext, isLoading, failed, load, end }: Props) {
  const text = useText();
  const foot = useRef<HTMLDivElement>(null);
  const reach = useEffectEvent(() => {
    if (hasNext && !isLoading && !failed) load();
  });
  // Observed anew after each page: a foot that is still near would otherwise say nothing again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: that is what isLoading is there for
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => entries.some(({ isIntersecting }) => isIntersecting) && reach(),
      {
        rootMargin: AHEAD,
      },
    );
    if (foot.current) observer.observe(foot.current);
    return () => observer.disconnect();
  }, [isLoading]);
  // A foot of its own for each page: what comes stands in its place, and nothing that was on screen moves.
  return (
    <div key={String(isLoading)} ref={foot} className={styles.foot}>
      {failed ? (
        <>
          <p role="alert">{text.feed.failed}</p>
          <Button look="quiet" onClick={load}>
            {text.common.retry}
          </Button>
        </>
      ) : hasNext || isLoading ? (
        <Spinner label={text.common.loading} />
      ) : (
        <p>{end ?? text.feed.end}</p>
      )}
    </div>
  );
}
