import { part } from '~/i18n/part';

/** The texts around signing in safely. */
export const securityWords = part({
  en: async () => (await import('~/i18n/security.en')).security,
  fr: async () => (await import('~/i18n/security.fr')).security,
});
