import { useState } from 'react';

type Pagination = {
  hasNext: boolean;
  isLoadingNext: boolean;
  loadNext: (count: number, options: { onComplete: (error: Error | null) => void }) => unknown;
};

const PAGE = 20;

/** Relay's pagination as `More` wants it, with what went wrong the last time. */
export function usePages({ hasNext, isLoadingNext, loadNext }: Pagination) {
  const [failed, setFailed] = useState(false);
  return {
    hasNext,
    isLoading: isLoadingNext,
    failed,
    load: () => {
      setFailed(false);
      loadNext(PAGE, { onComplete: (error) => setFailed(error !== null) });
    },
  };
}
