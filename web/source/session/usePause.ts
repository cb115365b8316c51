import { useEffect, useState } from 'react';

const TICK_MILLISECONDS = 1_000;

/** Seconds that are left of a pause the server asked for, counted down; 0 when there is none. */
export function usePause(): [left: number, begin: (seconds: number) => void] {
  const [until, setUntil] = useState(0);
  const [left, setLeft] = useState(0);
  useEffect(() => {
    if (!until) return;
    const look = () => {
      const seconds = Math.max(0, Math.ceil((until - Date.now()) / TICK_MILLISECONDS));
      setLeft(seconds);
      if (!seconds) setUntil(0);
    };
    look();
    const timer = setInterval(look, TICK_MILLISECONDS);
    return () => clearInterval(timer);
  }, [until]);
  return [left, (seconds) => setUntil(Date.now() + seconds * TICK_MILLISECONDS)];
}

/** Seconds as a clock shows them: 3:07. */
export function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
