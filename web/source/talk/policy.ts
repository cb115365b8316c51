export type ReplyPolicy = 'EVERYONE' | 'FOLLOWING' | 'MENTIONED' | 'NOBODY';
export type QuotePolicy = 'EVERYONE' | 'FOLLOWERS' | 'NOBODY';
export const REPLY_POLICIES: readonly ReplyPolicy[] = ['EVERYONE', 'FOLLOWING', 'MENTIONED', 'NOBODY'];
export const QUOTE_POLICIES: readonly QuotePolicy[] = ['EVERYONE', 'FOLLOWERS', 'NOBODY'];

/** What a post to be says of who may talk to it. */
export type Terms = { readonly reply: ReplyPolicy; readonly quote: QuotePolicy; readonly sensitive: boolean };

export const OPEN: Terms = { reply: 'EVERYONE', quote: 'EVERYONE', sensitive: false };

/** Terms out of what was kept; what is not to be understood is open. */
export function termsOf(value: unknown): Terms {
  const { reply, quote, sensitive } = (value ?? {}) as Record<string, unknown>;
  return {
    reply: REPLY_POLICIES.find((one) => one === reply) ?? OPEN.reply,
    quote: QUOTE_POLICIES.find((one) => one === quote) ?? OPEN.quote,
    sensitive: sensitive === true,
  };
}
