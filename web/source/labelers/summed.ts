type Choice = 'HIDE' | 'WARN' | 'SHOW';

/** A label as the API gives it. */
export type Given = {
  readonly labeler: { readonly id: string; readonly handle: string };
  readonly definition: {
    readonly identifier: string;
    readonly severity: string;
    readonly blur: string;
    readonly viewerChoice: string;
    readonly wordings: Wordings;
  };
};
type Wordings = readonly { readonly language: string; readonly name: string; readonly description: string }[];

/** A label as it is shown: what, by whom, how loudly. */
export type Badge = {
  readonly key: string;
  readonly handle: string;
  readonly alert: boolean;
  readonly wordings: Wordings;
};

/** What labels say together, and the strictest of what comes of them. */
export type Heard = {
  readonly badges: readonly Badge[];
  readonly blur: 'NONE' | 'MEDIA' | 'CONTENT';
  /** For which label something is veiled, or hidden. */
  readonly veils: Badge | null;
  readonly hides: Badge | null;
};

export const NOTHING: Heard = { badges: [], blur: 'NONE', veils: null, hides: null };
const BLURS = ['NONE', 'MEDIA', 'CONTENT'] as const;

/** Each label once, and the strictest of what they come to: one that hides, else the largest veil of those that warn. */
export function summed(given: readonly Given[]): Heard {
  const badges = new Map<string, Badge>();
  let { blur, veils, hides } = NOTHING;
  for (const { labeler, definition } of given) {
    const key = `${labeler.id} ${definition.identifier}`;
    const badge = badges.get(key) ?? {
      key,
      handle: labeler.handle,
      alert: definition.severity === 'ALERT',
      wordings: definition.wordings,
    };
    badges.set(key, badge);
    const choice = definition.viewerChoice as Choice;
    if (choice === 'HIDE') hides ??= badge;
    const wanted = BLURS.indexOf(definition.blur as Heard['blur']);
    if (choice !== 'SHOW' && wanted > BLURS.indexOf(blur)) {
      blur = BLURS[wanted] ?? 'CONTENT';
      veils = badge;
    }
  }
  return badges.size ? { badges: [...badges.values()], blur, veils, hides } : NOTHING;
}

/** A label's words in the reader's language, else in the first it has. */
export function wordingOf(wordings: Wordings, language: string): { name: string; description: string } {
  return (
    wordings.find((one) => one.language === language.toUpperCase()) ?? wordings[0] ?? { name: '?', description: '' }
  );
}
