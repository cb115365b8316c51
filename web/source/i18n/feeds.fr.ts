import type { feeds as english } from './feeds.en';
import { counter } from './plural';

const count = counter('fr');

/** Les mêmes textes en français. */
export const feeds: typeof english = {
  custom: { title: 'Fils' },
  picked: {
    forYou: 'Pour vous',
    tabs: 'Que montrer',
    following: 'Abonnements',
    anew: 'Choisir à nouveau',
    empty: 'Rien à choisir pour l’instant',
    emptyText: 'Suivez quelques personnes et aimez ce qui vous plaît : ce qui est choisi pour vous apparaît ici.',
    why: {
      FOLLOWED: 'D’une personne que vous suivez',
      FRIENDS: 'Des personnes que vous suivez aiment ceci',
      HASHTAG: 'Un mot-dièse qui vous intéresse',
      TASTE: 'Des personnes aux mêmes goûts aiment ceci',
      MEANING: 'Proche de ce que vous avez aimé',
      TRENDING: 'En tendance',
      NEWCOMER: 'D’une personne arrivée depuis peu',
      FRESH: 'Vient d’être accroché',
    },
    repostedBy: (name: string) => `Partagée par ${name}, que vous suivez`,
    hashtag: (name: string) => `À cause de #${name}`,
    more: 'Voir plus de publications de ce genre',
    less: 'Voir moins de publications de ce genre',
    lessOfAuthor: 'Voir moins cette personne',
    moreSaid: 'Vous en verrez davantage.',
    lessSaid: 'Vous en verrez moins.',
    settingsText:
      'Des publications peuvent être choisies pour vous, selon ce que vous aimez et qui vous suivez. Chacune dit pourquoi elle est là. Votre accueil avec vos abonnements n’en dépend pas.',
    choice: 'Choisir pour moi',
    choices: { OFF: 'Jamais', OFFERED: 'Dans un onglet', FIRST: 'En premier' },
    about: {
      OFF: 'Rien n’est choisi, et rien n’est gardé pour cela.',
      OFFERED: 'L’accueil s’ouvre sur vos abonnements ; ce qui est choisi est à un onglet de là.',
      FIRST: 'L’accueil s’ouvre sur ce qui est choisi ; vos abonnements sont à un onglet de là.',
    },
    opinions: 'Ce que vous avez demandé',
    moreOf: (what: string) => `Plus : ${what}`,
    lessOf: (what: string) => `Moins : ${what}`,
    gone: 'quelque chose qui n’est plus là',
    takeBack: 'Retirer',
    takeBackOf: (what: string) => `Retirer « ${what} »`,
  },
  trends: {
    title: 'Tendances',
    language: 'Langue',
    all: 'Toutes les langues',
    hashtags: 'Mots-dièse',
    posts: 'Publications',
    people: (n: number) => count(n, { one: '# personne', other: '# personnes' }),
    quiet: 'Rien ne sort du lot pour l’instant.',
    quietText: 'Ce qui occupe plus de monde que d’habitude apparaît ici, recalculé chaque minute.',
    how: 'Comment c’est calculé',
    howText:
      'Chaque personne compte une fois par mot-dièse ou publication : selon son ancienneté, et selon ceux qui la suivent, sont là depuis longtemps et n’y participent pas eux-mêmes. L’habituel est retranché, et tout s’efface d’heure en heure. Les publications sensibles sont écartées.',
  },
};
