import { keep, readKept } from '~/state/kept';

/** What is done: a picture out of words, or work on a picture that is there. */
export type Deed = 'GENERATE' | 'EDIT' | 'VARY' | 'UPSCALE' | 'REMOVE_BACKGROUND';

/** What can be done with a picture, in the order it is offered. */
export const DEEDS = ['EDIT', 'VARY', 'UPSCALE', 'REMOVE_BACKGROUND'] as const satisfies readonly Deed[];

/** What a model can do, as far as a form needs it. Sides are pixels. */
export type Can = {
  readonly supportsGeneration: boolean;
  readonly supportsEdits: boolean;
  readonly supportsVariations: boolean;
  readonly supportsBackgroundRemoval: boolean;
  readonly supportsNegativePrompts: boolean;
  readonly upscaleFactors: readonly number[];
  readonly qualities: readonly string[];
  readonly outputFormats: readonly string[];
  readonly supportsMasks: boolean;
  readonly supportsGuides: boolean;
  readonly maxReferences: number;
  readonly minSide: number;
  readonly maxSide: number;
  readonly sideStep: number;
  readonly maxCount: number;
  readonly supportsSeeds: boolean;
  readonly supportsTransparentBackground: boolean;
  readonly styles: readonly string[];
  readonly supportsStyleCodes: boolean;
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
  /** What its owner calls a style code, where that is known. */
  readonly styleName: string;
  readonly transparent: boolean;
  readonly deed: Deed;
  /** The picture to work on; empty where the deed is to make one out of words. */
  readonly imageId: string;
  /** The post that picture stands in, where it is remixed; empty where it is one's own. */
  readonly remixOf: string;
  /** How far from that picture, in hundredths. */
  readonly strength: number;
  /** How many times as wide and high. */
  readonly scale: number;
  readonly quality: string;
  readonly format: string;
  readonly negative: string;
  /** Where it may change and what was drawn over it, as pictures; empty where nothing was painted. */
  readonly maskId: string;
  readonly guideId: string;
  /** Pictures to learn from. */
  readonly references: readonly string[];
  /** A picture in somebody's post to learn from first, whose author is credited, and that post; empty where there is none. */
  readonly learnImage: string;
  readonly learnPost: string;
};

export const LONGEST_PROMPT = 4_000;
export const LONGEST_NEGATIVE = 1_000;
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
  styleName: '',
  transparent: false,
  deed: 'GENERATE',
  imageId: '',
  remixOf: '',
  strength: 50,
  scale: 2,
  quality: '',
  format: '',
  negative: '',
  maskId: '',
  guideId: '',
  references: [],
  learnImage: '',
  learnPost: '',
};

/** Whether a model does this. */
export function able(can: Can, deed: Deed): boolean {
  switch (deed) {
    case 'GENERATE':
      return can.supportsGeneration;
    case 'EDIT':
      return can.supportsEdits;
    case 'VARY':
      return can.supportsVariations;
    case 'UPSCALE':
      return can.upscaleFactors.length > 0;
    case 'REMOVE_BACKGROUND':
      return can.supportsBackgroundRemoval;
  }
}

/** Whether a deed makes several pictures, of words, with the settings of making; the others know but one way. */
export const isFree = (deed: Deed): boolean => deed === 'GENERATE' || deed === 'EDIT' || deed === 'VARY';

/** Whether words are needed. */
export const needsWords = (deed: Deed): boolean => deed === 'GENERATE' || deed === 'EDIT';

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
    style: can.styles.includes(wish.style) || (can.supportsStyleCodes && isStyleCode(wish.style)) ? wish.style : '',
    transparent: wish.transparent && can.supportsTransparentBackground,
    strength: Math.min(100, Math.max(0, Math.round(wish.strength) || 0)),
    scale: can.upscaleFactors.includes(wish.scale) ? wish.scale : (can.upscaleFactors[0] ?? 2),
    quality: can.qualities.includes(wish.quality) ? wish.quality : '',
    format: can.outputFormats.includes(wish.format) ? wish.format : '',
    negative: can.supportsNegativePrompts ? wish.negative : '',
    maskId: can.supportsMasks ? wish.maskId : '',
    guideId: can.supportsGuides ? wish.guideId : '',
    references: wish.references.slice(0, Math.max(0, can.maxReferences - (wish.learnImage ? 1 : 0))),
    ...(can.maxReferences === 0 && { learnImage: '', learnPost: '' }),
  };
}

/** Whether a seed can be sent: empty, or a whole number from 0 to 2^63-1. */
export function isSeed(text: string): boolean {
  return text === '' || (/^\d{1,19}$/.test(text) && BigInt(text) <= LARGEST_SEED);
}

/** Whether a style is a code of a kept one, not a name that the model knows. */
export const isStyleCode = (style: string): boolean => /^fs-[0-9a-hjkmnp-tv-z]{12}$/.test(style);

/** A seed by chance, short enough to be told to somebody. */
export function anySeed(): string {
  return String(crypto.getRandomValues(new Uint32Array(1))[0]);
}

/** The wish as the API takes it, by the mutation that its deed asks for. */
export function inputOf(wish: Wish): Record<string, unknown> {
  const made = {
    prompt: wish.prompt,
    count: wish.count,
    seed: wish.seed || null,
    style: wish.style || null,
    background: wish.transparent ? 'transparent' : null,
    quality: wish.quality || null,
    negativePrompt: wish.negative || null,
  };
  const maker = { engine: wish.engine || null, model: wish.model || null, outputFormat: wish.format || null };
  const { imageId, width, height } = wish;
  const source = wish.remixOf ? { imageId, remixOf: wish.remixOf } : { imageId };
  const referenceIds = wish.references.length ? wish.references : null;
  switch (wish.deed) {
    case 'GENERATE':
      return {
        ...made,
        ...maker,
        width,
        height,
        referenceIds,
        ...(wish.learnImage && { remixOf: { postId: wish.learnPost, imageId: wish.learnImage } }),
      };
    case 'EDIT':
      return { ...made, ...maker, ...source, referenceIds, maskId: wish.maskId || null, guideId: wish.guideId || null };
    case 'VARY':
      return { ...made, ...maker, ...source, prompt: wish.prompt || null, strength: wish.strength / 100 };
    case 'UPSCALE':
      return { ...maker, imageId, scale: wish.scale };
    case 'REMOVE_BACKGROUND':
      return { ...maker, imageId };
  }
}

/** Go on with a picture: the settings stay, the words are new. */
export function withPicture(wish: Wish, imageId: string, deed: Deed = 'EDIT'): Wish {
  return {
    ...wish,
    deed,
    imageId,
    remixOf: '',
    prompt: '',
    count: 1,
    seed: '',
    maskId: '',
    guideId: '',
    learnImage: '',
    learnPost: '',
  };
}

/** Let go of the picture. */
export function withoutPicture(wish: Wish): Wish {
  return { ...wish, deed: 'GENERATE', imageId: '', remixOf: '', maskId: '', guideId: '' };
}

/** What a person was last wishing for in the studio. */
export function keptWish(personId: string): Wish {
  try {
    const kept = JSON.parse(readKept(KEPT(personId)) ?? '{}') as Partial<Record<keyof Wish, unknown>>;
    const wish = Object.fromEntries(
      Object.entries(PLAIN).map(([name, usual]) => {
        const value = kept[name as keyof Wish];
        return [name, typeof value === typeof usual ? value : usual];
      }),
    ) as Wish;
    if (!Array.isArray(wish.references) || wish.references.some((id) => typeof id !== 'string')) return PLAIN;
    return wish.imageId && (DEEDS as readonly string[]).includes(wish.deed) ? wish : withoutPicture(wish);
  } catch {
    return PLAIN;
  }
}

export function keepWish(personId: string, wish: Wish): void {
  keep(KEPT(personId), JSON.stringify(wish));
}
