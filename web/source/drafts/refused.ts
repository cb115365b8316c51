import type { Dictionary } from '~/i18n/en';
import { codeText, type Refusal } from '~/relay/failure';
import { problemText } from './problem';

/** Why something was not scheduled, in the reader's words. */
export function refusedTime(text: Dictionary, refusals: readonly Refusal[]): string {
  const { code, path } = refusals[0] ?? { code: 'OTHER', path: null };
  if (path?.[0] === 'content') return problemText(text, { kind: 'REFUSED', errorCode: code, path });
  if (path?.[0] !== 'publishAt') return codeText(text, code);
  return code === 'QUOTA_EXCEEDED' ? text.drafts.tooMany : text.drafts.badTime;
}
