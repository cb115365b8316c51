import { useSyncExternalStore } from 'react';
import { keep, readKept } from '~/state/kept';
import { createStore } from '~/state/store';
import type { Dictionary } from './en';

export type Language = 'en' | 'fr';

/** Every language with its own name for itself. */
export const LANGUAGES: Record<Language, string> = { en: 'English', fr: 'Français' };

const fetched: Record<Language, () => Promise<Dictionary>> = {
  en: async () => (await import('./en')).en,
  fr: async () => (await import('./fr')).fr,
};
const known: Partial<Record<Language, Dictionary>> = {};
const KEPT = 'language';

const chosen = createStore<Language>(first());

function first(): Language {
  const kept = readKept(KEPT);
  if (kept === 'en' || kept === 'fr') return kept;
  for (const wish of navigator.languages ?? [navigator.language]) {
    if (wish.startsWith('fr')) return 'fr';
    if (wish.startsWith('en')) return 'en';
  }
  return 'en';
}

/** The language now, outside React. */
export const language = (): Language => chosen.get();

/** Fetch a language's texts. One language is fetched before anything is shown, others when they are asked for. */
export async function learn(wanted: Language): Promise<void> {
  known[wanted] ??= await fetched[wanted]();
}

function textOf(wanted: Language): Dictionary {
  const found = known[wanted];
  if (!found) throw new Error(`${wanted} is not learnt yet.`);
  return found;
}

/** The dictionary now, outside React (toasts). Components use `useText`, which follows the switch. */
export const words = (): Dictionary => textOf(chosen.get());

const parts: ((wanted: Language) => Promise<void> | undefined)[] = [];

/** Learn this with a language, too, when it is changed (`part.ts`). */
export const learnToo = (part: (wanted: Language) => Promise<void> | undefined): void => void parts.push(part);

/** Speak this language from now on, here and at the next visit. */
export async function speak(next: Language): Promise<void> {
  await Promise.all([learn(next), ...parts.map((part) => part(next))]);
  keep(KEPT, next);
  document.documentElement.lang = next;
  chosen.set(next);
}

export function useLanguage(): Language {
  return useSyncExternalStore(chosen.subscribe, chosen.get);
}

/** All texts in the reader's language. */
export function useText(): Dictionary {
  return textOf(useLanguage());
}
