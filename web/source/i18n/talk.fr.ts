import { counter } from './plural';
import type { talk as english } from './talk.en';

const count = counter('fr');

/** Les textes de qui parle à qui : réponses, citations, fils, images couvertes, aperçus de liens. */
export const talk: typeof english = {
  talk: {
    gates: 'Qui peut répondre et citer',
    gatesItem: 'Qui peut répondre et citer…',
    reply: 'Qui peut répondre',
    quote: 'Qui peut citer',
    replyPolicy: {
      EVERYONE: 'Tout le monde peut répondre',
      FOLLOWING: 'Les personnes que vous suivez peuvent répondre',
      MENTIONED: 'Seules les personnes mentionnées peuvent répondre',
      NOBODY: 'Personne ne peut répondre',
    },
    quotePolicy: {
      EVERYONE: 'Tout le monde peut citer',
      FOLLOWERS: 'Vos abonnés peuvent citer',
      NOBODY: 'Personne ne peut citer',
    },
    limited: {
      FOLLOWING: 'Seules les personnes que l’auteur suit ou mentionne peuvent répondre.',
      MENTIONED: 'Seules les personnes que l’auteur mentionne peuvent répondre.',
      NOBODY: 'L’auteur n’accepte pas de réponse.',
    },
    hideReply: 'Masquer la réponse',
    unhideReply: 'Montrer à nouveau la réponse',
    hidden: 'La réponse est mise de côté.',
    hiddenReplies: (n) => count(n, { one: '# réponse masquée', other: '# réponses masquées' }),
    hiddenRepliesHint: 'La personne qui a commencé la conversation les a mises de côté.',
    detach: 'Retirer ma publication de cette citation',
    detached: 'Votre publication n’est plus dans cette citation.',
    sensitive: 'Images sensibles',
    cover: 'Couvrir les images',
    uncover: 'Ne plus couvrir les images',
    coveredTitle: 'Ces images peuvent être difficiles à regarder.',
    look: 'Les regarder',
    showsSensitive: 'Montrer tout de suite les images sensibles',
    showsSensitiveText:
      'Les images que leur auteur, ou ce lieu, a marquées comme sensibles sont couvertes tant que vous ne demandez pas à les voir.',
    on: 'Oui',
    off: 'Non',
    removeCard: 'Retirer l’aperçu du lien',
    by: (name) => `par ${name}`,
    quotes: 'Citations',
    likes: 'J’aime',
    reposts: 'Partages',
    noQuotes: 'Personne n’a cité cette publication.',
    noLikes: 'Personne n’aime encore cette publication.',
    noReposts: 'Personne n’a partagé cette publication.',
    aboutPost: 'Ce que d’autres en ont fait',
    toPost: 'La publication',
    addPost: 'Ajouter une publication',
    removePost: 'Retirer cette publication',
    postOf: (n, of) => `Publication ${n} sur ${of}`,
    postAll: (n) => count(n, { one: 'Publier', other: 'Publier les #' }),
    threadPosted: 'Votre fil est accroché au mur.',
    next: 'Et ensuite ?',
  },
};
