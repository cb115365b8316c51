import { keep, readKept } from '~/state/kept';

/** What a model can do, as far as a form needs it. Sides are pixels. */
export type Can = {
  readonly minSide: number;
  readonly maxSide: number;
  readonly sideStep: number;
  readonly maxCount: number;
  readonly supportsSeeds: boolean;
  readonly supportsTransparentBackground: boolean;
  readonly styles: readonly string[];
};

/** What somebody wants made. An empty seed is left to chance; an empty style is left to the words. */
export type Wish = {
  readonly prompt: string;
  readonly engine: string;
  readonly model: string;
  readonly width: number;
  readonly height: number;
  readonly count: number;
  readonly seed: string;
  readonly style: string;
  readonly transparent: boolean;
};

export const LONGEST_PROMPT = 4_000;
export const ASPECTS = ['1:1', '4:3', '3:4', '16:9', '9:16'] as const;
export type Aspect = (typeof ASPECTS)[number];
const USUAL_SIDE = 1_024;
const LARGEST_SEED = 2n ** 63n - 1n;
const KEPT = (personId: string) => `draft.${personId}.studio`;

export const PLAIN: Wish = {
  prompt: '',
  engine: '',
  model: '',
  width: USUAL_SIDE,
  height: USUAL_SIDE,
  count: 1,
  seed: '',
  style: '',
  transparent: false,
};

/** A side that the model takes: the nearest to what is wanted. */
export function side(wanted: number, { minSide, maxSide, sideStep }: Can): number {
  const [low, high] = [Math.ceil(minSide / sideStep), Math.floor(maxSide / sideStep)];
  const steps = Number.isFinite(wanted) ? Math.round(wanted / sideStep) : low;
  return Math.min(high, Math.max(low, steps)) * sideStep;
}

/** The size of a shape: about as many pixels as the usual square, as large as the model goes. */
export function sizeOf(aspect: Aspect, can: Can): { width: number; height: number } {
  const [across, down] = aspect.split(':').map(Number) as [number, number];
  const ratio = across / down;
  const wide = USUAL_SIDE * Math.sqrt(ratio);
  const high = USUAL_SIDE / Math.sqrt(ratio);
  const shrink = Math.min(1, can.maxSide / Math.max(wide, high));
  return { width: side(wide * shrink, can), height: side(high * shrink, can) };
}

/** The shape that a size is of, or null for one of its own. */
export function aspectOf({ width, height }: { width: number; height: number }, can: Can): Aspect | null {
  return (
    ASPECTS.find((aspect) => {
      const size = sizeOf(aspect, can);
      return size.width === width && size.height === height;
    }) ?? null
  );
}

/** The wish with everything that the model cannot do brought to what it can. */
export function fitted(wish: Wish, can: Can): Wish {
  return {
    ...wish,
    width: side(wish.width, can),
    height: side(wish.height, can),
    count: Math.min(Math.max(1, can.maxCount), Math.max(1, Math.round(wish.count) || 1)),
    seed: can.supportsSeeds ? wish.seed : '',
    style: can.styles.includes(wish.style) ? wish.style : '',
    transparent: wish.transparent && can.supportsTransparentBackground,
  };
}

/** Whether a seed can be sent: empty, or a whole number from 0 to 2^63-1. */
export function isSeed(text: string): boolean {
  return text === '' || (/^\d{1,19}$/.test(text) && BigInt(text) <= LARGEST_SEED);
}

/** A seed by chance, short enough to be told to somebody. */
export function anySeed(): string {
  return String(crypto.getRandomValues(new Uint32Array(1))[0]);
}

/** The wish as the API takes it. */
export function inputOf(wish: Wish) {
  return {
    prompt: wish.prompt,
    engine: wish.engine || null,
    model: wish.model || null,
    width: wish.width,
    height: wish.height,
    count: wish.count,
    seed: wish.seed || null,
    style: wish.style || null,
    background: wish.transparent ? 'transparent' : null,
  };
}

/** What a person was last wishing for in the studio. */
export function keptWish(personId: string): Wish {
  try {
    const kept = JSON.parse(readKept(KEPT(personId)) ?? '{}') as Partial<Record<keyof Wish, unknown>>;
    return Object.fromEntries(
      Object.entries(PLAIN).map(([name, usual]) => {
        const value = kept[name as keyof Wish];
        return [name, typeof value === typeof usual ? value : usual];
      }),
    ) as Wish;
  } catch {
    return PLAIN;
  }
}

export function keepWish(personId: string, wish: Wish): void {
  keep(KEPT(personId), JSON.stringify(wish));
}
