/** Who may remix a post, and who may see how it was made, as the API has it. */
export const POLICIES = ['EVERYONE', 'FOLLOWERS', 'ASK', 'NOBODY'] as const;
export const SHOWN_TO = ['EVERYONE', 'FOLLOWERS', 'NOBODY'] as const;
export type RemixPolicy = (typeof POLICIES)[number];
export type ShownTo = (typeof SHOWN_TO)[number];
