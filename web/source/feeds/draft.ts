import type { FeedRulesInput, FeedSignal, FeedSourceInput } from '~/__generated__/PreviewQuery.graphql';

/** A feed as it is being built: its rules with the names of what they name, and what they are for the API. */

export type Choice = 'ALL' | 'ONLY' | 'NONE';
export type Kind = 'EVERYONE' | 'FOLLOWED' | 'PEOPLE' | 'LIST' | 'BOARD' | 'HASHTAG' | 'SEARCH' | 'REMIXES';
export const KINDS: readonly Kind[] = [
  'FOLLOWED',
  'EVERYONE',
  'HASHTAG',
  'SEARCH',
  'PEOPLE',
  'LIST',
  'BOARD',
  'REMIXES',
];
export const CHOSEN = ['pictures', 'replies', 'remixes', 'ai', 'sensitive'] as const;
export const SIGNALS = [
  'REMIXES',
  'SAVES',
  'LIKES',
  'REPOSTS',
  'REPLIES',
  'QUOTES',
  'FOLLOWED',
  'AFFINITY',
  'FRIENDS',
  'TASTE',
  'MEANING',
  'HASHTAGS',
  'TRENDING',
  'NEWCOMER',
  'PICTURE',
] as const;
export const MOST_SOURCES = 8;

export type Named = { readonly id: string; readonly name: string };
/** `things` are its people (by handle), or the one list, board or post (by its author's handle). `text` is its hashtag or search. */
export type Source = { readonly kind: Kind; readonly things: readonly Named[]; readonly text: string };

export type Draft = {
  readonly sources: readonly Source[];
  readonly chosen: Readonly<Record<(typeof CHOSEN)[number], Choice>>;
  readonly languages: readonly string[];
  readonly models: readonly string[];
  readonly minLikes: number | null;
  readonly maxAgeHours: number | null;
  readonly withoutWords: readonly string[];
  readonly withoutHashtags: readonly string[];
  readonly withoutPeople: readonly Named[];
  readonly order: 'NEWEST' | 'RANKED';
  readonly weights: Readonly<Record<string, number>>;
  readonly halfLifeHours: number;
};

export const EMPTY: Draft = {
  sources: [],
  chosen: { pictures: 'ALL', replies: 'NONE', remixes: 'ALL', ai: 'ALL', sensitive: 'ALL' },
  languages: [],
  models: [],
  minLikes: null,
  maxAgeHours: null,
  withoutWords: [],
  withoutHashtags: [],
  withoutPeople: [],
  order: 'NEWEST',
  weights: {},
  halfLifeHours: 18,
};

function sourceInput({ kind, things, text }: Source): FeedSourceInput {
  const id = things[0]?.id ?? '';
  switch (kind) {
    case 'EVERYONE':
    case 'FOLLOWED':
      return { circle: kind };
    case 'PEOPLE':
      return { people: things.map(({ id }) => id) };
    case 'LIST':
      return { userListId: id };
    case 'BOARD':
      return { boardId: id };
    case 'HASHTAG':
      return { hashtag: text };
    case 'SEARCH':
      return { search: text };
    case 'REMIXES':
      return { remixesOfPostId: id };
  }
}

/** The rules for the API. Weights that are as for everyone are left out. */
export function rulesOf(draft: Draft): FeedRulesInput {
  return {
    sources: draft.sources.map(sourceInput),
    filters: {
      ...draft.chosen,
      languages: [...draft.languages],
      models: [...draft.models],
      minLikes: draft.minLikes,
      maxAgeHours: draft.maxAgeHours,
      withoutWords: [...draft.withoutWords],
      withoutHashtags: [...draft.withoutHashtags],
      withoutPeople: draft.withoutPeople.map(({ id }) => id),
    },
    order: draft.order,
    weights: Object.entries(draft.weights)
      .filter(([, weight]) => weight !== 1)
      .map(([signal, weight]) => ({ signal: signal as FeedSignal, weight })),
    halfLifeHours: draft.halfLifeHours,
  };
}

/** What is typed with commas (or blanks, for what has none inside) between, each once. */
export function typedList(text: string, separator: RegExp = /,/): string[] {
  return [...new Set(text.split(separator).map((one) => one.trim()))].filter(Boolean);
}

/** The id in the address of a post, or the id itself; null for anything else. */
export function postIn(text: string): string | null {
  return /(?:^|\/post\/)(post_[0-9a-z]+)(?:[/?#].*)?$/.exec(text.trim())?.[1] ?? null;
}
