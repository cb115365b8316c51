import { graphemes } from '~/compose/measure';
import type { Dictionary } from '~/i18n/en';
import { codeText, type Refusal, refusalOf } from '~/relay/failure';
import { keep, readKept } from '~/state/kept';

/** The lines of a profile that are typed. */
export type Lines = { displayName: string; bio: string; location: string; website: string; pronouns: string };

export const LINES = ['displayName', 'bio', 'location', 'website', 'pronouns'] as const;
export const LONGEST: Record<keyof Lines, number> = {
  displayName: 50,
  bio: 300,
  location: 100,
  website: 200,
  pronouns: 40,
};

export type ProfileWrong = { [Field in keyof Lines | 'avatarImageId' | 'bannerImageId']?: string };

const WEBSITE = /^https?:\/\/[^\s<>"]{3,}$/i;

/** What can be told before the server is asked; null when nothing is wrong. */
export function wrongLines(text: Dictionary, lines: Lines): ProfileWrong | null {
  const wrong: ProfileWrong = {};
  for (const field of LINES)
    if (graphemes(lines[field].trim()) > LONGEST[field]) wrong[field] = text.editing.tooLong(LONGEST[field]);
  const website = lines.website.trim();
  if (website && !WEBSITE.test(website)) wrong.website = text.editing.websiteWrong;
  return Object.keys(wrong).length ? wrong : null;
}

/** What the server refused, each beside its field; null when it is about none of them. */
export function refusedLines(text: Dictionary, refusals: readonly Refusal[]): ProfileWrong | null {
  const wrong: ProfileWrong = {};
  for (const field of LINES) {
    const refusal = refusalOf(refusals, field);
    if (!refusal) continue;
    const bound = field === 'website' ? text.editing.websiteWrong : text.editing.tooLong(LONGEST[field]);
    wrong[field] = refusal.code === 'BAD_USER_INPUT' ? bound : codeText(text, refusal.code);
  }
  for (const field of ['avatarImageId', 'bannerImageId'] as const)
    if (refusalOf(refusals, field)) wrong[field] = text.editing.pictureGone;
  return Object.keys(wrong).length ? wrong : null;
}

/** The lines that are not as they were, as the input of the change. */
export function changedLines(was: Lines, now: Lines): Partial<Lines> {
  const changed: Partial<Lines> = {};
  for (const field of LINES) if (now[field].trim() !== was[field]) changed[field] = now[field].trim();
  return changed;
}

const place = (userId: string) => `profile.${userId}`;

/** What was being typed when the page was left, over the lines as they are. */
export function thawedLines(userId: string, was: Lines): Lines {
  try {
    const kept: unknown = JSON.parse(readKept(place(userId)) ?? '{}');
    const lines = { ...was };
    for (const field of LINES) {
      const line = (kept as Partial<Record<keyof Lines, unknown>> | null)?.[field];
      if (typeof line === 'string') lines[field] = line;
    }
    return lines;
  } catch {
    return was; // something else wrote there
  }
}

/** Keep what is being typed, so that an ended session does not lose it; nothing when it is as it was. */
export function keepLines(userId: string, was: Lines, now: Lines): void {
  const changed = changedLines(was, now);
  keep(place(userId), Object.keys(changed).length ? JSON.stringify(changed) : null);
}
