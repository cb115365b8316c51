import { part } from '~/i18n/part';

/** The texts of labelers. */
export const labelerWords = part({
  en: async () => (await import('~/i18n/labelers.en')).labelers,
  fr: async () => (await import('~/i18n/labelers.fr')).labelers,
});
