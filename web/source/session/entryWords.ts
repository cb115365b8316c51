import { part } from '~/i18n/part';

/** The texts around getting in: forgotten passwords, addresses, invitations. */
export const entryWords = part({
  en: async () => (await import('~/i18n/entry.en')).entry,
  fr: async () => (await import('~/i18n/entry.fr')).entry,
});
