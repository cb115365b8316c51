export type Facet<F> = { readonly start: number; readonly end: number; readonly feature: F };

/** A stretch of a text: plain, or with what it is. */
export type Stretch<F> = { text: string; feature?: F };

/**
 * A text cut at its facets, which count bytes of UTF-8. What cannot be (out of order, out of bounds) is left out, so that the worst a
 * bad facet does is to be plain text.
 */
export function stretches<F>(text: string, facets: readonly Facet<F>[]): Stretch<F>[] {
  if (!facets.length) return [{ text }];
  const bytes = new TextEncoder().encode(text);
  const decoder = new TextDecoder();
  const found: Stretch<F>[] = [];
  let at = 0;
  for (const { start, end, feature } of facets) {
    if (start < at || end <= start || end > bytes.length) continue;
    if (start > at) found.push({ text: decoder.decode(bytes.subarray(at, start)) });
    found.push({ text: decoder.decode(bytes.subarray(start, end)), feature });
    at = end;
  }
  if (at < bytes.length) found.push({ text: decoder.decode(bytes.subarray(at)) });
  return found;
}
