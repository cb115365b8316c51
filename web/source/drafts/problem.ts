import type { Dictionary } from '~/i18n/en';
import { codeText } from '~/relay/failure';

export type Problem = {
  readonly kind: string;
  readonly errorCode: string | null | undefined;
  readonly path: readonly string[];
};

/** What of a draft stands in the way: what it answers or quotes, a picture, the poll, or none of these. */
export function cause({ path }: Problem): 'reply' | 'quote' | 'images' | 'poll' | 'wish' | null {
  const said = path[0] === 'content' ? path.slice(1) : path;
  const field = said[0] === 'posts' ? said[2] : said[0];
  if (field === 'replyToId') return 'reply';
  if (field === 'quotedPostId') return 'quote';
  return field === 'images' || field === 'poll' || field === 'wish' ? field : null;
}

/** Why a draft came back, in the reader's words. */
export function problemText(text: Dictionary, problem: Problem): string {
  const words = text.drafts;
  const usual: Record<string, string> = words.problems;
  if (problem.kind !== 'REFUSED') return usual[problem.kind] ?? words.problems.BROKEN;
  const forbidden = problem.errorCode === 'FORBIDDEN';
  const found = cause(problem);
  if (found === 'reply') return forbidden ? words.refused.replyForbidden : words.refused.replyGone;
  if (found === 'quote') return forbidden ? words.refused.quoteForbidden : words.refused.quoteGone;
  if (forbidden && !problem.path.length) return words.refused.account;
  if (problem.errorCode === 'QUOTA_EXCEEDED') return `${words.problems.REFUSED} ${text.cost.refused}`;
  return `${words.problems.REFUSED} ${codeText(text, problem.errorCode ?? 'OTHER')}`;
}
