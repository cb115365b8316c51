import { graphql } from 'react-relay/hooks';
import type { told_rules$data } from '~/__generated__/told_rules.graphql';
import { language } from '~/i18n/language';
import { CHOSEN, type Choice, type Draft, type Kind, type Named, type Source } from './draft';
import type { FeedTexts } from './words';

/** The rules of a feed with the names of what they name. */
export const RULES = graphql`
  fragment told_rules on FeedRules {
    order
    halfLifeHours
    weights {
      signal
      weight
    }
    filters {
      pictures
      replies
      remixes
      ai
      sensitive
      languages
      models
      minLikes
      maxAgeHours
      withoutWords
      withoutHashtags
      withoutPeople {
        id
        handle
      }
    }
    sources {
      kind
      search
      people {
        id
        handle
      }
      list {
        id
        name
      }
      board {
        id
        name
      }
      hashtag {
        name
      }
      remixesOf {
        id
        author {
          handle
        }
      }
    }
  }
`;

const MOST_NAMED = 4;

type Told = told_rules$data;

function sourceOf({ kind, search, people, list, board, hashtag, remixesOf }: Told['sources'][number]): Source {
  const one = list ?? board ?? (remixesOf && { id: remixesOf.id, name: remixesOf.author.handle });
  const things: Named[] = one ? [one] : people.map(({ id, handle }) => ({ id, name: handle }));
  return { kind: kind as Kind, things, text: search ?? hashtag?.name ?? '' };
}

/** The rules as they can be changed. */
export function draftOf(told: Told): Draft {
  const { filters } = told;
  return {
    sources: told.sources.map(sourceOf),
    chosen: Object.fromEntries(CHOSEN.map((name) => [name, filters[name] as Choice])) as Draft['chosen'],
    languages: filters.languages,
    models: filters.models,
    minLikes: filters.minLikes ?? null,
    maxAgeHours: filters.maxAgeHours ?? null,
    withoutWords: filters.withoutWords,
    withoutHashtags: filters.withoutHashtags,
    withoutPeople: filters.withoutPeople.map(({ id, handle }) => ({ id, name: handle })),
    order: told.order === 'RANKED' ? 'RANKED' : 'NEWEST',
    weights: Object.fromEntries(told.weights.map(({ signal, weight }) => [signal, weight])),
    halfLifeHours: told.halfLifeHours,
  };
}

/** Things one after another, as the reader's language says it. */
export function joined(parts: readonly string[], type: 'conjunction' | 'disjunction' = 'conjunction'): string {
  return new Intl.ListFormat(language(), { type }).format(parts);
}

const either = (parts: readonly string[]) => joined(parts, 'disjunction');

/** A source in words. One that names something that is not there says no more than that. */
export function sourceWords(text: FeedTexts, { kind, things, text: said }: Source): string {
  const { source } = text.say;
  const [first] = things;
  switch (kind) {
    case 'EVERYONE':
    case 'FOLLOWED':
      return source[kind]();
    case 'HASHTAG':
    case 'SEARCH':
      return source[kind](said);
    case 'PEOPLE': {
      const shown = things.slice(0, MOST_NAMED).map(({ name }) => `@${name}`);
      const more = things.length - shown.length;
      return first ? source.PEOPLE(joined([...shown, ...(more > 0 ? [text.say.others(more)] : [])])) : source.HIDDEN();
    }
    case 'REMIXES':
      return first ? source.REMIXES(first.name ? `@${first.name}` : text.say.somebody) : source.HIDDEN();
    default:
      return first ? source[kind](first.name) : source.HIDDEN();
  }
}

/** What a feed shows: a sentence, and what its posts must be. */
export function explained(text: FeedTexts, draft: Draft): { sentence: string; facts: readonly string[] } {
  const { say } = text;
  const sources = [...new Set(draft.sources.map((source) => sourceWords(text, source)))];
  const facts = CHOSEN.flatMap((name) => {
    const choice = draft.chosen[name];
    return choice === 'ALL' ? [] : [choice === 'ONLY' ? say.only[name] : say.no[name]];
  });
  if (draft.languages.length) {
    const names = new Intl.DisplayNames(language(), { type: 'language' });
    facts.push(say.languages(either(draft.languages.map((code) => names.of(code) ?? code))));
  }
  if (draft.models.length) facts.push(say.models(either(draft.models)));
  if (draft.minLikes !== null) facts.push(say.likes(draft.minLikes));
  if (draft.maxAgeHours !== null) facts.push(say.age(draft.maxAgeHours));
  if (draft.withoutWords.length) facts.push(say.withoutWords(either(draft.withoutWords.map(say.quoted))));
  if (draft.withoutHashtags.length)
    facts.push(say.withoutHashtags(either(draft.withoutHashtags.map((tag) => `#${tag}`))));
  if (draft.order === 'RANKED') {
    for (const [signal, weight] of Object.entries(draft.weights)) {
      if (weight !== 1) facts.push(say.weight(text.signals[signal] ?? signal, String(weight)));
    }
  }
  return { sentence: draft.order === 'RANKED' ? say.ranked(joined(sources)) : say.newest(joined(sources)), facts };
}
