/** A text before, within and after a part of it; the API counts characters, not the halves that JavaScript counts. */
export function partsOf(text: string, offset: number, length: number): readonly [string, string, string] {
  const signs = Array.from(text);
  return [
    signs.slice(0, offset).join(''),
    signs.slice(offset, offset + length).join(''),
    signs.slice(offset + length).join(''),
  ];
}

/** Whether people and hashtags may be suggested for what is typed: not while an operator, a phrase or a list is written. */
export const isName = (text: string) =>
  text.trim().length > 1 && text.length <= 60 && !/[:"()*]|(^|\s)-|\sOR\s/.test(text);
