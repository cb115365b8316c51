import type { apps as english } from './apps.en';
import { counter } from './plural';
import { spacedAll } from './spaces';

const count = counter('fr');

const written: typeof english = {
  scopes: 'Ce qu’il peut faire',
  scopesMissing: 'Choisissez-en au moins un.',
  scope: {
    READ: 'Voir ce que vous voyez : publications, personnes, fils, recherches',
    READ_PRIVATE:
      'Voir ce qui n’est visible que de vous : notifications, signets, tableaux, listes, brouillons, qui vous bloquez ou masquez',
    READ_MESSAGES: 'Lire vos messages',
    WRITE_POSTS: 'Publier, répondre, partager, aimer, garder et supprimer pour vous',
    WRITE_FOLLOWS: 'Suivre, masquer et bloquer pour vous, et modifier vos listes',
    WRITE_MESSAGES: 'Écrire des messages pour vous, et lire ce qui revient',
    WRITE_ACCOUNT: 'Modifier votre profil, vos fils et vos réglages, mais pas votre mot de passe',
    GENERATE: 'Fabriquer des images avec vos crédits, et voir ce que vous avez demandé',
    MODERATE: 'Modérer, dans la limite de vos droits',
  },
  scopeCount: (n) => count(n, { one: '# autorisation', other: '# autorisations' }),
  copy: 'Copier',
  copied: 'Copié dans le presse-papiers.',
  kept: 'Je l’ai gardé',
  once: 'Gardez-le maintenant : il ne sera plus montré. Qui l’a peut faire ce qu’il permet.',
  tokens: {
    title: 'Jetons d’accès',
    signedOut: 'Connectez-vous pour voir vos jetons.',
    text: 'Des clés pour vos propres programmes. Chacune ne peut faire que ce que vous choisissez ici, et jamais changer votre mot de passe, vous déconnecter ni créer d’autres jetons.',
    none: 'Pas encore de jeton',
    noneText: 'Créez-en un, et votre programme pourra interroger l’API en votre nom.',
    add: 'Nouveau jeton',
    name: 'Nom',
    nameHint: 'À quoi il sert ; vous seul le voyez.',
    nameWrong: 'Un nom tient sur une ligne de 1 à 60 caractères.',
    days: 'Il expire après',
    daysOf: (n) => count(n, { one: '# jour', other: '# jours' }),
    create: 'Créer le jeton',
    tooMany: 'Vous avez autant de jetons qu’il peut y en avoir. Révoquez-en un dont vous n’avez plus besoin.',
    shown: 'Votre nouveau jeton',
    label: 'Jeton',
    until: (day) => `expire le ${day}`,
    over: 'expiré',
    used: (day) => `utilisé pour la dernière fois le ${day}`,
    unused: 'jamais utilisé',
    what: 'Ce qu’il peut faire',
    revoke: 'Révoquer',
    revokeOf: (name) => `Révoquer ${name}`,
    revokeTitle: 'Révoquer ce jeton ?',
    revokeText: 'Les programmes qui l’utilisent sont refusés dès cet instant.',
    revoked: 'Le jeton est révoqué.',
  },
};

/** Les textes des jetons et des applications. */
export const apps = spacedAll(written);
