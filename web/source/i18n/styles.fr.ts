import type { styles as english } from './styles.en';

/** Les textes des styles gardés, des dessins, et de ce que les images disent d’elles-mêmes. */
export const styles: typeof english = {
  manner: {
    kept: 'Un style gardé',
    named: (name) => `Style : ${name}`,
    yours: 'Vos styles',
    hint: 'La manière d’une image sous un nom, pour en peindre d’autres ainsi. Un style partagé sert à qui en a le code.',
    none: 'Aucun style gardé. Créez une image qui s’inspire d’autres, puis gardez son style.',
    save: 'Garder son style',
    saveHint: 'La manière dont elle est peinte, sans ce qu’elle montre.',
    name: 'Nom',
    keep: 'Garder le style',
    saved: 'Le style est gardé.',
    use: (name) => `Peindre à la manière de ${name}`,
    code: 'Un code qu’on vous a donné',
    paste: 'L’utiliser',
    missing: 'Aucun style n’a ce code, ou il a été repris.',
    share: (name) => `Partager ${name} par un code`,
    takeBack: (name) => `Reprendre ${name}`,
    takeBackHint: 'Personne d’autre ne peut plus peindre ainsi.',
    copy: (name) => `Copier le code de ${name}`,
    copied: 'Le code est dans votre presse-papiers.',
    remove: (name) => `Supprimer ${name}`,
    lost: 'Son style a été repris',
  },
  drawing: {
    picture: 'L’image',
    vector: 'Le dessin (SVG)',
  },
  told: {
    undone: (what) => `Pas fait : ${what}`,
    words: {
      'not known': 'pas compris',
      'not there': 'pas dans l’image',
      'too many figures': 'trop de choses dans une image',
      'no mask says where it is': 'rien ne montre où c’est',
    },
    held: 'Rien n’a changé en dehors de ce que vous avez peint.',
    putBack: (share) => `Le moteur avait changé ${share} en dehors de ce que vous avez peint ; c’est remis en place.`,
  },
};
