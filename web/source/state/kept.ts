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

/** Forget everything whose name begins so. */
export function forgetAll(beginning: string): void {
  try {
    for (const name of Object.keys(localStorage))
      if (name.startsWith(PREFIX + beginning)) localStorage.removeItem(name);
  } catch {
    // See above.
  }
}
