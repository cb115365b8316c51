const NARROW = '\u202f';
const WIDE = '\u00a0';

/** A French text with the spaces that French sets before high signs and inside quotation marks: none of them breaks the line. */
export function spaced(text: string): string {
  return text
    .replace(/ ([;!?%])/g, `${NARROW}$1`)
    .replace(/ ([:»])/g, `${WIDE}$1`)
    .replace(/« /g, `«${WIDE}`)
    .replace(/(\d) (?=\d{3}\b)/g, `$1${NARROW}`);
}

/** All texts of a dictionary so, also those that are made when they are asked for. */
export function spacedAll<T>(part: T): T {
  if (typeof part === 'string') return spaced(part) as T;
  if (Array.isArray(part)) return part.map(spacedAll) as T;
  if (typeof part === 'function') return ((...given: unknown[]) => spaced(String(part(...given)))) as T;
  return Object.fromEntries(Object.entries(part as object).map(([name, value]) => [name, spacedAll(value)])) as T;
}
