import { part } from '~/i18n/part';

/** The texts of webhooks. */
export const webhookWords = part({
  en: async () => (await import('~/i18n/webhooks.en')).webhooks,
  fr: async () => (await import('~/i18n/webhooks.fr')).webhooks,
});
