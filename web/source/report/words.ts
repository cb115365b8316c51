import { part } from '~/i18n/part';

/** The texts of reports and of moderation. */
export const moderationWords = part({
  en: async () => (await import('~/i18n/moderation.en')).moderation,
  fr: async () => (await import('~/i18n/moderation.fr')).moderation,
});

/** The reasons for a report, in the order in which they are offered. */
export const REASONS = [
  'SPAM',
  'HARASSMENT',
  'HATE',
  'VIOLENCE',
  'SEXUAL_CONTENT',
  'INTIMATE_IMAGERY',
  'DEEPFAKE',
  'CHILD_SAFETY',
  'SELF_HARM',
  'IMPERSONATION',
  'COPYRIGHT',
  'PRIVATE_INFORMATION',
  'OTHER',
] as const;
