/**
 * What to do when the session turns out to be over, or when somebody who is not signed in wants to act. Both load the log-in page
 * anew with the way back, so that nothing of the session that ended stays in memory. Drafts survive: they are kept per browser.
 */
let leaving = false;
let signedIn: string | null = null;

/**
 * The shell tells who is signed in; null for nobody. When that is suddenly somebody else (who logged in on another tab), the page is
 * loaded anew: its memory is full of what only the former may see.
 */
export function rememberSignedIn(now: string | null): void {
  const former = signedIn;
  signedIn = now;
  if (former && now && former !== now) location.reload();
}

/** Go to the log-in page and come back here afterwards. */
export function askToLogIn(reason: 'needed' | 'ended' = 'needed'): void {
  if (leaving) return;
  leaving = true;
  const here = location.pathname + location.search;
  location.assign(`/login?${new URLSearchParams({ next: here, why: reason })}`);
}

/** Somebody logs out here: that the session is over is no news then, whoever hears it first. Gives how to take it back. */
export function goesOut(): () => void {
  leaving = true;
  return () => {
    leaving = false;
  };
}

/** The server says that nobody is signed in any more. */
export function sessionEnded(): void {
  if (signedIn) askToLogIn('ended');
}
