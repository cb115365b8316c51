import { counter } from './plural';
import type { remix as english } from './remix.en';

const count = counter('fr');

/** Les textes autour du remix. */
export const remix: typeof english = {
  remix: {
    act: 'Remixer',
    ask: 'Demander à remixer',
    asked: 'Vous avez demandé à remixer ceci. La réponse n’est pas encore là.',
    askedNow: 'C’est demandé. La réponse apparaîtra ici.',
    declined: 'La personne a refusé ce remix.',
    of: (name) => `Remix d’une image de ${name}`,
    hole: {
      DELETED: 'Remix d’une image supprimée',
      BLOCKED: 'Remix d’une image d’une personne que vous bloquez',
      NOT_VISIBLE: 'Remix d’une image qui ne vous est pas montrée',
      REVOKED: 'Remix – l’autorisation a été retirée',
    },
    source: 'Un remix de l’image de quelqu’un d’autre : la personne est créditée.',
    who: 'Qui peut le remixer',
    policy: {
      EVERYONE: 'Tout le monde peut remixer',
      FOLLOWERS: 'Mes abonnés peuvent remixer',
      ASK: 'Sur demande seulement',
      NOBODY: 'Personne ne peut remixer',
    },
    prompts: 'Qui voit comment c’est fait',
    promptsOf: {
      EVERYONE: 'Tout le monde voit le prompt',
      FOLLOWERS: 'Mes abonnés voient le prompt',
      NOBODY: 'Personne ne voit le prompt',
    },
    settle: 'Remix et prompts',
    settled: 'Enregistré.',
    revoke: 'Retirer l’autorisation',
    restore: 'Autoriser à nouveau',
    revoked: 'L’autorisation est retirée, et la publication le dit.',
    restored: 'C’est à nouveau autorisé.',
    sharing: 'Partage',
    sharingText:
      'Ce avec quoi commencent vos publications. Celles qui ne sont pas pour tout le monde, ou montrent une photo importée, commencent par personne.',
    usual: 'Comme dans vos réglages',
    requests: 'Demandes de remix',
    noRequests: 'Personne ne vous a encore rien demandé.',
    wants: 'aimerait remixer votre publication',
    accept: 'Autoriser',
    decline: 'Refuser',
    states: {
      PENDING: 'En attente',
      ACCEPTED: 'Autorisé',
      DECLINED: 'Refusé',
      REVOKED: 'Retiré',
    },
  },
  lineage: {
    title: 'D’où elle vient',
    open: 'D’où elle vient, et ce qu’elle est devenue',
    missing: 'Cette image n’existe pas, ou ne vous est pas montrée.',
    above: 'D’où elle vient',
    here: 'Cette image',
    below: 'Ce qu’elle est devenue',
    none: 'Personne ne l’a encore remixée.',
    cut: 'Il y en a d’autres au-dessus.',
    rest: 'Il y en a d’autres ; chaque image montre les siens.',
    remixes: (n) => count(n, { one: '# remix', other: '# remix' }),
    changed: 'Ce qui a changé dans le prompt',
    hole: {
      DELETED: 'Cette image a été supprimée.',
      BLOCKED: 'D’une personne que vous bloquez.',
      NOT_VISIBLE: 'Cette image ne vous est pas montrée.',
      REVOKED: 'L’autorisation a été retirée.',
    },
    takenBack: 'L’autorisation a été retirée',
    compareLabel: 'Quelle part de l’image d’avant est montrée',
    compareValue: (part) => `${part} % avant, ${100 - part} % après`,
    before: 'Avant',
    after: 'Après',
    kinds: {
      GENERATE: 'Faite de mots',
      EDIT: 'Modifiée',
      VARY: 'Variée',
      UPSCALE: 'Agrandie',
      REMOVE_BACKGROUND: 'Détourée',
    },
  },
};
