import { part } from '~/i18n/part';

/** The texts of the rules by which programs moderate. */
export const automodWords = part({
  en: async () => (await import('~/i18n/automod.en')).automod,
  fr: async () => (await import('~/i18n/automod.fr')).automod,
});
