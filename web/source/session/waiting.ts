import type { Pending } from './CompleteLogIn';

/** A login that an outside provider began and a second factor completes, as the server wrote it behind the # of the address. */
export function waitingIn(secret: string): Pending | null {
  const told = new URLSearchParams(secret);
  const token = told.get('pending');
  return token ? { token, factors: (told.get('factors') ?? '').split(',').filter(Boolean) } : null;
}
