import type { Dictionary } from '~/i18n/en';

type Person = { readonly displayName: string };

/** The names of who did it: one, two, or the latest and how many more. */
export function names(text: Dictionary['bell'], actors: readonly Person[], count: number): string {
  const [first, second] = actors;
  if (!first) return '';
  if (count <= 1 || !second) return count > 1 ? text.more(first.displayName, count - 1) : first.displayName;
  return count === 2
    ? text.two(first.displayName, second.displayName)
    : text.more(`${first.displayName}, ${second.displayName}`, count - 2);
}

type Line = {
  readonly kind: string;
  readonly count: number;
  readonly actors: readonly Person[];
  readonly job?: { readonly state: string } | null;
  readonly remixRequest?: { readonly state: string } | null;
  readonly moderationAction?: object | null;
  readonly savedSearch?: { readonly name: string } | null;
  readonly report?: { readonly state: string } | null;
};

/** What happened, in a sentence. A kind that this version does not know yet is said as "news". */
export function sentence(
  text: Dictionary['bell'],
  { kind, count, actors, job, remixRequest, moderationAction, savedSearch, report }: Line,
): string {
  const who = names(text, actors, count);
  const many = count > 1;
  switch (kind) {
    case 'POLL_ENDED':
      return who ? text.theirPoll(who) : text.ownPoll;
    case 'GENERATION_FINISHED':
      if (many) return text.generations(count);
      return job?.state === 'SUCCEEDED' ? text.generationDone : text.generationOver;
    case 'REMIX_ANSWERED':
      return remixRequest?.state === 'DECLINED' ? text.remixRefused(who) : text.remixGranted(who);
    case 'SAVED_SEARCH':
      return savedSearch ? text.saved(savedSearch.name, count) : text.other;
    case 'MODERATION':
      return moderationAction ? text.acted : text.decided;
    case 'REPORT_DECIDED':
      if (many) return text.reports(count);
      return report?.state === 'DISMISSED' ? text.reportDismissed : text.reportActed;
    default: {
      const say = text.did[kind as keyof typeof text.did];
      return say ? say(who, many) : text.other;
    }
  }
}
