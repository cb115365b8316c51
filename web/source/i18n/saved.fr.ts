import { counter } from './plural';
import type { saved as english } from './saved.en';

const count = counter('fr');

/** Les mêmes textes en français. */
export const saved: typeof english = {
  saved: {
    title: 'Recherches enregistrées',
    save: 'Enregistrer la recherche',
    kept: 'Enregistrée',
    meaning: 'Par le sens',
    fresh: (n: number) =>
      n >= 50
        ? '50 nouvelles publications et plus'
        : count(n, { one: '# nouvelle publication', other: '# nouvelles publications' }),
    rename: 'Renommer',
    name: 'Nom',
    nameWrong: 'Une ligne de 1 à 60 caractères.',
    up: 'Monter',
    down: 'Descendre',
    delete: 'Supprimer',
    tooMany: 'Vous avez 25 recherches enregistrées. Supprimez-en une pour en garder une autre.',
    similar: 'Images semblables',
    noneSimilar: 'Rien n’y ressemble encore',
  },
};
