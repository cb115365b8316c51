import { part } from '~/i18n/part';

/** The texts of tokens and apps. */
export const appWords = part({
  en: async () => (await import('~/i18n/apps.en')).apps,
  fr: async () => (await import('~/i18n/apps.fr')).apps,
});
