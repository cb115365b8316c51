import { type Language, useLanguage } from '~/i18n/language';
import { spacedAll } from '~/i18n/spaces';

/** The texts around being told outside of the page. They come with the settings, not with the first load. */
const en = {
  devices: 'On this device',
  devicesText: 'Be told at once when no page is open in front: by this browser, on this device.',
  turnOn: 'Tell me on this device',
  turnOff: 'Stop on this device',
  on: 'This browser tells you.',
  unsupported:
    'This browser cannot do it. It takes a secure address (https), and on an iPhone or iPad the page on the home screen.',
  refused: 'You told this browser not to. Allow notifications for this page in its settings, then come back.',
  declined: 'The browser was not allowed to tell you.',
  unreachable: 'The browser could not reach its push service. Try again later, or in another browser.',
  notHere: 'Nothing is sent to devices here.',
  others: 'Elsewhere',
  unknown: 'A browser',
  since: (day: string) => `since ${day}`,
  stop: 'Stop',
  stopOf: (device: string) => `Stop on ${device}`,
  atOnce: 'At once',
  atOnceOf: (kind: string) => `${kind}: tell my devices at once`,
  decisions: 'Decisions of moderators about you',
  digest: 'By mail',
  digestText:
    'What you have not read, in one mail, when you have been away for half a day or more. Every mail has a way to end it.',
  howOften: 'How often',
  frequency: { NEVER: 'Never', DAILY: 'Daily', WEEKLY: 'Weekly' },
  noMail: 'No mail is sent here.',
  decisionMail: 'Decisions of moderators',
  decisionMailText: 'About your account or something of yours, at once. Of a suspension you are always told.',
  decisionMails: { OFF: 'Off', ON: 'On' },
};

const fr: typeof en = {
  devices: 'Sur cet appareil',
  devicesText:
    'Être prévenu tout de suite quand aucune page n’est ouverte devant vous : par ce navigateur, sur cet appareil.',
  turnOn: 'Me prévenir sur cet appareil',
  turnOff: 'Arrêter sur cet appareil',
  on: 'Ce navigateur vous prévient.',
  unsupported:
    'Ce navigateur ne le peut pas. Il faut une adresse sûre (https), et sur iPhone ou iPad la page sur l’écran d’accueil.',
  refused:
    'Vous l’avez refusé à ce navigateur. Autorisez les notifications de cette page dans ses réglages, puis revenez.',
  declined: 'Le navigateur n’a pas été autorisé à vous prévenir.',
  unreachable: 'Le navigateur n’a pas pu joindre son service. Réessayez plus tard, ou dans un autre navigateur.',
  notHere: 'Rien n’est envoyé aux appareils ici.',
  others: 'Ailleurs',
  unknown: 'Un navigateur',
  since: (day) => `depuis le ${day}`,
  stop: 'Arrêter',
  stopOf: (device) => `Arrêter sur ${device}`,
  atOnce: 'Aussitôt',
  atOnceOf: (kind) => `${kind} : prévenir mes appareils tout de suite`,
  decisions: 'Décisions de la modération sur vous',
  digest: 'Par courriel',
  digestText:
    'Ce que vous n’avez pas lu, en un seul message, après une demi-journée d’absence au moins. Chaque message permet d’y mettre fin.',
  howOften: 'Fréquence',
  frequency: { NEVER: 'Jamais', DAILY: 'Par jour', WEEKLY: 'Par semaine' },
  noMail: 'Aucun courriel n’est envoyé ici.',
  decisionMail: 'Décisions de la modération',
  decisionMailText: 'Sur votre compte ou ce qui est à vous, aussitôt. D’une suspension, vous êtes toujours prévenu.',
  decisionMails: { OFF: 'Non', ON: 'Oui' },
};

const words: Record<Language, typeof en> = { en, fr: spacedAll(fr) };

export const usePushWords = () => words[useLanguage()];
