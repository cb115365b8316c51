/**
 * Runs `refresh`, one at a time: who asks while it runs makes it run once more afterwards. Relay gives two equal queries at once one answer,
 * which may be older than what the second was asked for.
 */
export function refresher(): (refresh: () => Promise<void>) => Promise<void> {
  let running = false;
  let again = false;
  return async (refresh) => {
    again = true;
    if (running) return;
    running = true;
    try {
      while (again) {
        again = false;
        await refresh();
      }
    } finally {
      running = false;
    }
  };
}
