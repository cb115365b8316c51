import { createContext } from 'react';

export type Reason = {
  readonly kind: string;
  readonly sourceIndex: number | null | undefined;
  readonly signals: readonly string[];
  readonly hashtag: { readonly name: string } | null | undefined;
};

/** How a page of posts says why each is there, where it knows more than the reason itself does: a custom feed. */
export const Reasons = createContext<((reason: Reason) => string | undefined) | null>(null);
