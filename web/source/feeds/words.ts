import { part } from '~/i18n/part';

/** The texts of custom feeds. */
export const feedWords = part({
  en: async () => (await import('~/i18n/custom.en')).custom,
  fr: async () => (await import('~/i18n/custom.fr')).custom,
});

export type FeedTexts = typeof import('~/i18n/custom.en').custom;
