/** A label while it is written. */
export type Definition = {
  readonly key: number;
  readonly identifier: string;
  readonly names: Readonly<Record<Tongue, string>>;
  readonly meanings: Readonly<Record<Tongue, string>>;
  readonly severity: string;
  readonly blur: string;
  readonly defaultChoice: string;
};

export type Tongue = 'EN' | 'FR';
export const TONGUES: readonly Tongue[] = ['EN', 'FR'];
export const MOST = 20;
let keys = 0;

type Given = {
  readonly identifier: string;
  readonly severity: string;
  readonly blur: string;
  readonly defaultChoice: string;
  readonly wordings: readonly { readonly language: string; readonly name: string; readonly description: string }[];
};

/** A label as it is given by the API, to be changed. */
export function opened({ identifier, severity, blur, defaultChoice, wordings }: Given): Definition {
  const of = (tongue: Tongue) => wordings.find(({ language }) => language === tongue);
  return {
    key: ++keys,
    identifier,
    names: { EN: of('EN')?.name ?? '', FR: of('FR')?.name ?? '' },
    meanings: { EN: of('EN')?.description ?? '', FR: of('FR')?.description ?? '' },
    severity,
    blur,
    defaultChoice,
  };
}

/** One to begin with. */
export const blank = (): Definition =>
  opened({ identifier: '', severity: 'INFORM', blur: 'NONE', defaultChoice: 'WARN', wordings: [] });

/** What is sent: languages without a name are left out, the writer's own first. */
export function sent({ identifier, names, meanings, severity, blur, defaultChoice }: Definition, language: string) {
  const first = language.toUpperCase();
  const order = [...TONGUES].sort((one, other) => Number(other === first) - Number(one === first));
  return {
    identifier: identifier.trim(),
    severity,
    blur,
    defaultChoice,
    wordings: order
      .filter((tongue) => names[tongue].trim())
      .map((tongue) => ({ language: tongue, name: names[tongue], description: meanings[tongue] })),
  };
}
