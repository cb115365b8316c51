import { PLAIN, type Wish } from './wish';

/** A setting as the API keeps it: its name, and its value as text. */
export type Setting = { readonly name: string; readonly value: string };

/** Where the words of the moment stand in a template. */
export const SLOT = '{prompt}';

/** The settings of a wish that are settled: what is as usual is left open, and so are the words, the picture and the seed. */
export function settingsOf(wish: Wish): readonly Setting[] {
  const found: Setting[] = [
    { name: 'ENGINE', value: wish.engine },
    { name: 'MODEL', value: wish.model },
    { name: 'WIDTH', value: String(wish.width) },
    { name: 'HEIGHT', value: String(wish.height) },
    { name: 'STYLE', value: wish.style },
    { name: 'QUALITY', value: wish.quality },
    { name: 'OUTPUT_FORMAT', value: wish.format },
    { name: 'NEGATIVE_PROMPT', value: wish.negative },
    { name: 'BACKGROUND', value: wish.transparent ? 'transparent' : '' },
  ];
  if (wish.count !== PLAIN.count) found.push({ name: 'COUNT', value: String(wish.count) });
  return found.filter(({ value }) => value !== '');
}

/** The wish with what a preset settles; its template takes the words in. What this client does not know is passed over. */
export function withPreset(wish: Wish, template: string, settings: readonly Setting[]): Wish {
  const said = new Map(settings.map(({ name, value }) => [name, value]));
  const number = (name: string, usual: number) => {
    const found = Number(said.get(name));
    return Number.isSafeInteger(found) && found > 0 ? found : usual;
  };
  const words = wish.prompt.trim();
  const filled = template.includes(SLOT)
    ? template.split(SLOT).join(words)
    : [words, template].filter(Boolean).join(', ');
  return {
    ...wish,
    prompt: template ? filled : wish.prompt,
    engine: said.get('ENGINE') ?? wish.engine,
    model: said.get('MODEL') ?? wish.model,
    width: number('WIDTH', wish.width),
    height: number('HEIGHT', wish.height),
    count: number('COUNT', wish.count),
    style: said.get('STYLE') ?? '',
    styleName: '',
    quality: said.get('QUALITY') ?? '',
    format: said.get('OUTPUT_FORMAT') ?? '',
    negative: said.get('NEGATIVE_PROMPT') ?? '',
    seed: said.get('SEED') ?? wish.seed,
    transparent: said.get('BACKGROUND') === 'transparent',
  };
}
