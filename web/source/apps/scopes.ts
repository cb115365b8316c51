/** What a token or an app may do, in the order it is offered. */
export const SCOPES = [
  'READ',
  'READ_PRIVATE',
  'READ_MESSAGES',
  'WRITE_POSTS',
  'WRITE_FOLLOWS',
  'WRITE_MESSAGES',
  'WRITE_ACCOUNT',
  'GENERATE',
  'MODERATE',
] as const;

export type Scope = (typeof SCOPES)[number];

/** The choice with this scope put in or taken out, in their order. */
export function toggled(chosen: readonly Scope[], scope: Scope): readonly Scope[] {
  return SCOPES.filter((one) => (one === scope ? !chosen.includes(one) : chosen.includes(one)));
}
