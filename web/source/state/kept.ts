/**
 * Small things kept in this browser: theme, language, drafts. Never a secret: the session is an HttpOnly cookie.
 * A browser that keeps nothing (private windows, full storage) is served all the same, for as long as the page lives.
 */
const PREFIX = 'fresque.';

export function readKept(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

/** Keep a text; null forgets it. */
export function keep(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, value);
  } catch {
    // See above.
  }
}
