import type { checks as english } from './checks.en';

/** Ce que les contrôles trouvent dans les mots et les images, en clair. */
export const checks: typeof english = {
  checks: {
    stages: {
      prompt: 'Les mots',
      picture: 'L’image',
      input: 'Ce que le moteur a reçu',
      output: 'Ce que le moteur a fait',
    },
    categories: {
      sexual: 'contenu sexuel',
      sexual_minors: 'contenu sexuel avec des enfants',
      nonconsensual: 'déshabiller quelqu’un',
      sexual_violence: 'violence sexuelle',
      sexual_person: 'contenu sexuel avec une personne nommée',
      nude_person: 'une personne nommée et de la nudité',
      unchecked: 'elle n’a pas pu être contrôlée',
    },
    found: (stage, category) => `${stage} : ${category}`,
    held: 'Quelqu’un la regarde d’abord',
    refunded: 'Ses crédits sont rendus.',
    reviewing: 'Quelqu’un la regarde avant qu’elle soit montrée',
    sensitive: 'Image sensible',
    reveal: 'La montrer',
  },
};
