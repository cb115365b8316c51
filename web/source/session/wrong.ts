import type { Dictionary } from '~/i18n/en';
import { codeText, type Refusal, refusalOf } from '~/relay/failure';

/** What was typed to sign up. */
export type Wish = { handle: string; displayName: string; email: string; password: string };

export type Wrong = { [Field in keyof Wish]?: string } & { invitation?: string };

const HANDLE = /^@?[a-z0-9_]{1,30}$/i;
const EMAIL = /^[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+$/;
const SHORTEST_PASSWORD = 8;
const LONGEST_NAME = 50;

/** What can be told before the server is asked, in the reader's words; null when nothing is wrong. */
export function wrongOf(text: Dictionary, { handle, displayName, email, password }: Wish): Wrong | null {
  const { signing } = text;
  const wrong: Wrong = {};
  if (!handle) wrong.handle = signing.missing;
  else if (!HANDLE.test(handle)) wrong.handle = signing.handleWrong;
  if ([...displayName].length > LONGEST_NAME) wrong.displayName = signing.nameLong;
  if (!email) wrong.email = signing.missing;
  else if (!EMAIL.test(email)) wrong.email = signing.emailWrong;
  if (!password) wrong.password = signing.missing;
  else if ([...password].length < SHORTEST_PASSWORD) wrong.password = signing.passwordShort;
  return Object.keys(wrong).length ? wrong : null;
}

/** What the server refused, each beside its field; null when it is about no field. */
export function refusedOf(text: Dictionary, refusals: readonly Refusal[]): Wrong | null {
  const { signing } = text;
  const words: Record<keyof Wish, Record<string, string>> = {
    handle: { CONFLICT: signing.handleTaken, BAD_USER_INPUT: signing.handleReserved },
    displayName: { BAD_USER_INPUT: signing.nameLong },
    email: { CONFLICT: signing.emailTaken, BAD_USER_INPUT: signing.emailWrong },
    password: { BAD_USER_INPUT: signing.passwordWrong },
  };
  const wrong: Wrong = {};
  for (const field of Object.keys(words) as (keyof Wish)[]) {
    const refusal = refusalOf(refusals, field);
    if (refusal) wrong[field] = words[field][refusal.code] ?? codeText(text, refusal.code);
  }
  return Object.keys(wrong).length ? wrong : null;
}
