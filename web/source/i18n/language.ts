import { useSyncExternalStore } from 'react';
import { keep, readKept } from '~/state/kept';
import { createStore } from '~/state/store';
import { type Dictionary, en } from './en';
import { fr } from './fr';

export type Language = 'en' | 'fr';

/** Every language with its own name for itself. */
export const LANGUAGES: Record<Language, string> = { en: 'English', fr: 'Français' };

const DICTIONARIES: Record<Language, Dictionary> = { en, fr };
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

/** The dictionary now, outside React (toasts). Components use `useText`, which follows the switch. */
export const words = (): Dictionary => DICTIONARIES[chosen.get()];

/** Speak this language from now on, here and at the next visit. */
export function speak(next: Language): void {
  keep(KEPT, next);
  document.documentElement.lang = next;
  chosen.set(next);
}

export function useLanguage(): Language {
  return useSyncExternalStore(chosen.subscribe, chosen.get);
}

/** All texts in the reader's language. */
export function useText(): Dictionary {
  return DICTIONARIES[useLanguage()];
}
