import { use } from 'react';
import { type Language, language, learnToo, useLanguage } from './language';

/** Texts that are fetched with the pages that show them. */
export type Part<Texts> = {
  /** Fetch them in the reader's language; for a page's loader. */
  learn: () => Promise<void>;
  /** The texts in the reader's language, for components; suspends where they are on their way. */
  useText: () => Texts;
  /** The same outside React, once they were learnt. */
  words: () => Texts;
};

/** A part of the dictionary that the first load goes without. Whoever changes the language learns the parts that are in use with it. */
export function part<Texts>(fetched: Record<Language, () => Promise<Texts>>): Part<Texts> {
  const known: Partial<Record<Language, Texts>> = {};
  const asked: Partial<Record<Language, Promise<void>>> = {};
  const learn = (wanted: Language): Promise<void> => {
    asked[wanted] ??= fetched[wanted]().then(
      (texts) => {
        known[wanted] = texts;
      },
      (error: unknown) => {
        delete asked[wanted]; // it may come yet
        throw error;
      },
    );
    return asked[wanted];
  };
  const textOf = (wanted: Language): Texts => {
    const found = known[wanted];
    if (!found) throw new Error(`This part of ${wanted} is not learnt yet.`);
    return found;
  };
  learnToo((wanted) => (Object.keys(asked).length ? learn(wanted) : undefined));
  return {
    learn: () => learn(language()),
    useText: () => {
      const wanted = useLanguage();
      if (!known[wanted]) use(learn(wanted));
      return textOf(wanted);
    },
    words: () => textOf(language()),
  };
}
