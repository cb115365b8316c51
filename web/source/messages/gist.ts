import type { Dictionary } from '~/i18n/en';

type Person = { readonly id: string; readonly displayName: string };

type Said = {
  readonly kind: string;
  readonly text: string;
  readonly isDeleted: boolean;
  readonly images: readonly unknown[];
  readonly sender: Person | null | undefined;
  readonly subject: Person | null | undefined;
};

/** What a notice says, in the reader's words; of what was said itself nothing. */
export function noticeOf(said: Omit<Said, 'images' | 'isDeleted'>, viewerId: string, text: Dictionary['letters']) {
  const name = (person: Person | null | undefined) =>
    person ? (person.id === viewerId ? text.you : person.displayName) : text.gone;
  const notices: Record<string, (who: string, what: string) => string> = text.notices;
  const titled = said.kind === 'CREATED' || said.kind === 'RENAMED';
  const what = titled ? said.text : name(said.subject);
  return notices[said.kind]?.(name(said.sender), what) ?? '';
}

/** A message in one line. */
export function gistOf(said: Said, viewerId: string, text: Dictionary['letters']): string {
  if (said.kind !== 'TEXT') return noticeOf(said, viewerId, text);
  if (said.isDeleted) return text.deleted;
  const words = said.text || (said.images.length ? text.picture : text.passedOn);
  return said.sender?.id === viewerId ? `${text.you}: ${words}` : words;
}
