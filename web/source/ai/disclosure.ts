import type { Dictionary } from '~/i18n/en';

/** What a picture owes to AI, as the API tells it. */
export type Disclosure = { readonly kind: string; readonly basis: string };

/** What AI did, in words. */
export function kindOf({ kind }: Pick<Disclosure, 'kind'>, { labels }: Dictionary): string {
  return labels.kinds[kind] ?? labels.kinds.GENERATED ?? labels.sign;
}

/** What AI did and by what that is known, in words. */
export function wholeOf(disclosure: Disclosure, text: Dictionary): string {
  const kind = kindOf(disclosure, text);
  const basis = text.labels.bases[disclosure.basis];
  return basis ? text.labels.whole(kind, basis) : kind;
}
