/** The texts around what a picture proves, and what is learnt from it. */
export const proof = {
  proof: {
    title: 'How it can be known again',
    there: 'It has this',
    notThere: 'It does not have this',
    credentials: 'Content Credentials',
    signed: 'Signed here, in every size. It shows when a byte of the file was changed.',
    came: (generator: string, standing: string) =>
      `The file that was uploaded was signed${generator ? ` with ${generator}` : ''}: ${standing}. What is served here no longer holds it.`,
    unsigned: 'Nothing is signed in it.',
    mark: 'Invisible mark',
    marked: 'In the pixels. It outlives copies, shrinking and most crops.',
    unmarked: 'It was made before there were marks, or is too small for one.',
    uploaded: 'Only pictures that are made here have one.',
    looks: 'Likeness',
    hashed: '256 bits of how it looks are kept, so that copies are found.',
    plain: 'Too plain to be told from others, or not looked at yet.',
    declared: 'IPTC source type',
    says: (what: string) => `It says that it is ${what}.`,
    silent: 'It says nothing of how it came about.',
    recipe: 'Use this recipe',
    learning: 'Learns from this picture. Its author will be credited.',
    compare: 'Before and after',
  },
};
