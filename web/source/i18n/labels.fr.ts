import type { labels as english } from './labels.en';

/** Ce que les images doivent à l’IA, et comment elles sont montrées, en clair. */
export const labels: typeof english = {
  labels: {
    sign: 'IA',
    kinds: { GENERATED: 'Créée avec l’IA', EDITED: 'Modifiée avec l’IA' },
    bases: { MADE_HERE: 'faite ici', READ: 'son fichier le dit', DECLARED: 'son auteur le dit' },
    whole: (kind, basis) => `${kind} : ${basis}`,
    reveal: 'La montrer',
    hidden: { GENERATED: 'Masquée : créée avec l’IA', EDITED: 'Masquée : modifiée avec l’IA' },
    hiddenPost: (name) => `Une publication de ${name} est masquée : créée avec l’IA`,
    show: 'Montrer',
    label: 'Étiquette :',
    by: (handle) => `selon @${handle}`,
    saidBy: (name, handle) => `${name}, selon @${handle}`,
    labelHides: (name, label) => `Une publication de ${name} est masquée : ${label}`,
    open: 'Étiquettes et étiqueteurs',
    openText:
      'Des comptes qui étiquettent publications, images et personnes. Vous choisissez qui écouter, et ce que fait chaque étiquette.',
    choose: 'Étiquettes et choix',
    labelThis: 'Étiqueter',
    settings: 'Images faites par l’IA',
    settingsText:
      'Les images que l’IA a créées ou modifiées le disent toujours. Vous décidez comment celles des autres vous sont montrées ; les vôtres, vous les voyez toujours.',
    choice: 'Les montrer',
    choices: { SHOW: 'Avec un signe', LABEL: 'Avec une mention', BLUR: 'Floutées', HIDE: 'Pas du tout' },
    about: {
      SHOW: 'Chacune porte le petit signe « IA ».',
      LABEL: 'Chacune dit en mots ce que l’IA a fait.',
      BLUR: 'Chacune est derrière un voile jusqu’à ce que vous la demandiez.',
      HIDE: 'Les publications qui n’ont que de telles images sont repliées en une ligne ; ailleurs, une note tient la place de l’image.',
    },
    declare: (number) => `L’IA est-elle dans l’image ${number} ?`,
    declared: { none: 'Sans IA', GENERATED: 'Créée avec l’IA', EDITED: 'Modifiée avec l’IA' },
  },
};
