/**
 * What the server makes of a text, told while it is typed: how long it is as people count, and what in it is a mention, a hashtag or a
 * link. The server has the last word (models/facet.py); these are the same rules.
 */
export const LONGEST = 500;
export const LONGEST_ALT = 2_000;
export const LONGEST_WARNING = 100;
const LINK_LENGTH = 23;
const FAR_TOO_LONG = 6_000; // more than the server looks at; nobody waits for its exact length

const LINK = /(?<![\p{L}\p{N}_@/])https?:\/\/[^\s\p{C}<>"'`{}|\\^[\]]+/giu;
const HOST =
  /^https?:\/\/(?:(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}[\p{L}\p{N}-]*|localhost|\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5})?(?=[/?#]|$)/iu;
const MENTION = /(?<![\p{L}\p{N}_@/.#&=])@[A-Za-z0-9_]{1,30}(?![\p{L}\p{N}_@])/gu;
const HASHTAG =
  /(?<![\p{L}\p{N}_#&/=])[#＃][\p{L}\p{M}\p{N}_\u200c\u200d]*[\p{L}\p{M}_][\p{L}\p{M}\p{N}_\u200c\u200d]*(?![\p{L}\p{M}\p{N}_#])/gu;
const TRAILING = new Set('.,:;!?…·、。，．！？：；\'"“”‘’*_~');
const UNWANTED = /(?![\n\t])[\p{Cc}\p{Cs}\p{Co}\u200b\u2060\ufeff]/gu;

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Half open, in UTF-16 units: what `String.slice` takes. */
export type Span = { readonly start: number; readonly end: number; readonly kind: 'mention' | 'hashtag' | 'link' };

/** How many characters a person sees. */
export function graphemes(text: string): number {
  let total = 0;
  for (const _ of segmenter.segment(text)) total += 1;
  return total;
}

/** The text as the server keeps it. */
export function cleaned(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(UNWANTED, '').normalize('NFC').trim();
}

/** The length that is bounded: characters as people count them, a link as 23. */
export function measure(text: string): number {
  if (text.length > FAR_TOO_LONG) return text.length;
  const kept = cleaned(text);
  let total = 0;
  let at = 0;
  for (const { start, end } of links(kept)) {
    total += graphemes(kept.slice(at, start)) + LINK_LENGTH;
    at = end;
  }
  return total + graphemes(kept.slice(at));
}

/** Mentions, hashtags and links of a text, in order, never overlapping. */
export function spans(text: string): Span[] {
  const found = links(text);
  for (const [pattern, kind] of [
    [MENTION, 'mention'],
    [HASHTAG, 'hashtag'],
  ] as const) {
    for (const match of text.matchAll(pattern)) {
      const [start, end] = [match.index, match.index + match[0].length];
      if (!found.some((other) => start < other.end && other.start < end)) found.push({ start, end, kind });
    }
  }
  return found.sort((one, other) => one.start - other.start);
}

function links(text: string): Span[] {
  const found: Span[] = [];
  for (const match of text.matchAll(LINK)) {
    let link = match[0];
    while (link && (TRAILING.has(link.slice(-1)) || (link.endsWith(')') && unopened(link)))) link = link.slice(0, -1);
    if (HOST.test(link)) found.push({ start: match.index, end: match.index + link.length, kind: 'link' });
  }
  return found;
}

function unopened(link: string): boolean {
  return link.split(')').length > link.split('(').length;
}

/** The mention that is being typed at a place of the text: where its @ stands, and what follows it up to there. */
export function mentionAt(text: string, caret: number): { start: number; prefix: string } | null {
  const typed = /(?<![\p{L}\p{N}_@/.#&=])@([A-Za-z0-9_]{1,30})$/u.exec(text.slice(0, caret));
  if (!typed?.[1] || /^[A-Za-z0-9_]/.test(text.slice(caret))) return null;
  return { start: typed.index, prefix: typed[1] };
}

/** Where the bounded length is reached; null when all of it is within. */
export function tooLongFrom(text: string, longest = LONGEST): number | null {
  if (measure(text) <= longest) return null;
  let total = 0;
  let at = text.length - text.trimStart().length;
  const found = links(text);
  for (const { index, segment } of segmenter.segment(text)) {
    if (index < at) continue;
    const link = found.find(({ start }) => start === index);
    total += link ? LINK_LENGTH : 1;
    at = link ? link.end : index + segment.length;
    if (total > longest) return index;
  }
  return null;
}
