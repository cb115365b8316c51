import type { Dictionary } from '~/i18n/en';

/** Why something was blocked or is held, as the API tells it. */
export type Checked = {
  readonly code: string;
  readonly stage?: string | null | undefined;
  readonly categories: readonly string[];
};

/** What a check has found, in the reader's words: where, and what; null of what no check is the reason for. */
export function foundOf(failure: Checked | null | undefined, text: Dictionary['checks']): string | null {
  const [first] = failure?.categories ?? [];
  if (!failure || !first) return null;
  const category = text.categories[first] ?? first.replaceAll('_', ' ');
  const stage = failure.stage ? text.stages[failure.stage] : undefined;
  return stage ? text.found(stage, category) : category;
}
