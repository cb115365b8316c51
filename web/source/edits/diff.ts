/** A stretch of two texts: in both, only in the newer one, or only in the older one. */
export type Stretch = { readonly is: 'kept' | 'added' | 'removed'; readonly text: string };

/** The words of a text, with what stands between them; where words are not set apart, the language's own segments. */
function words(text: string): string[] {
  if (typeof Intl.Segmenter === 'undefined') return text.match(/\s+|[^\s]+/gu) ?? [];
  return [...new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text)].map(({ segment }) => segment);
}

/** What became of a text, word by word, in reading order: what was taken away stands before what came in its place. */
export function diff(before: string, after: string): Stretch[] {
  const [old, now] = [words(before), words(after)];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  const found: Stretch[] = [];
  const add = (is: Stretch['is'], text: string) => {
    if (!text) return;
    const last = found.at(-1);
    if (last?.is === is) found[found.length - 1] = { is, text: last.text + text };
    else found.push({ is, text });
  };
  add('kept', old.slice(0, start).join(''));
  for (const { is, text } of between(old.slice(start, old.length - end), now.slice(start, now.length - end)))
    add(is, text);
  add('kept', end ? old.slice(-end).join('') : '');
  return found;
}

/** The longest common words of two stretches decide what was kept; posts are short enough to look at every pair. */
function between(old: readonly string[], now: readonly string[]): Stretch[] {
  const wide = now.length + 1;
  const common = new Uint16Array((old.length + 1) * wide);
  for (let a = old.length - 1; a >= 0; a--)
    for (let b = now.length - 1; b >= 0; b--)
      common[a * wide + b] =
        old[a] === now[b]
          ? (common[(a + 1) * wide + b + 1] as number) + 1
          : Math.max(common[(a + 1) * wide + b] as number, common[a * wide + b + 1] as number);
  const found: Stretch[] = [];
  let [a, b] = [0, 0];
  while (a < old.length || b < now.length) {
    if (a < old.length && b < now.length && old[a] === now[b]) {
      found.push({ is: 'kept', text: old[a] as string });
      a++;
      b++;
    } else if (
      a < old.length &&
      (b >= now.length || (common[(a + 1) * wide + b] as number) >= (common[a * wide + b + 1] as number))
    ) {
      found.push({ is: 'removed', text: old[a] as string });
      a++;
    } else {
      found.push({ is: 'added', text: now[b] as string });
      b++;
    }
  }
  return found;
}
