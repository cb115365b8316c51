import type { proof as english } from './proof.en';

/** Les textes autour de ce qu’une image prouve, et de ce qu’on en apprend. */
export const proof: typeof english = {
  proof: {
    title: 'À quoi on la reconnaît',
    there: 'Elle l’a',
    notThere: 'Elle ne l’a pas',
    credentials: 'Content Credentials',
    signed: 'Signée ici, dans chaque taille. Un seul octet changé se voit.',
    came: (generator, standing) =>
      `Le fichier importé était signé${generator ? ` par ${generator}` : ''} : ${standing}. Ce qui est servi ici ne l’est plus.`,
    unsigned: 'Rien n’y est signé.',
    mark: 'Marque invisible',
    marked: 'Dans les pixels. Elle survit aux copies, aux réductions et à la plupart des recadrages.',
    unmarked: 'Faite avant les marques, ou trop petite pour en porter une.',
    uploaded: 'Seules les images faites ici en portent une.',
    looks: 'Ressemblance',
    hashed: '256 bits de son apparence sont gardés, pour retrouver les copies.',
    plain: 'Trop unie pour être distinguée d’autres, ou pas encore examinée.',
    declared: 'Type de source IPTC',
    says: (what) => `Déclaré : ${what}.`,
    silent: 'Elle ne dit rien de son origine.',
    recipe: 'Utiliser cette recette',
    learning: 'Apprend de cette image. La personne qui l’a faite sera créditée.',
    compare: 'Avant et après',
  },
};
