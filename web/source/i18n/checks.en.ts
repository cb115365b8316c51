/** What checks find in prompts and pictures, in words. */
export const checks = {
  checks: {
    stages: {
      prompt: 'The words',
      picture: 'The picture',
      input: 'What the engine was given',
      output: 'What the engine made',
    } as Record<string, string>,
    categories: {
      sexual: 'sexual content',
      sexual_minors: 'sexual content with children',
      nonconsensual: 'undressing somebody',
      sexual_violence: 'sexual violence',
      sexual_person: 'sexual content with a named person',
      nude_person: 'a named person and nudity',
      unchecked: 'it could not be checked',
    } as Record<string, string>,
    found: (stage: string, category: string) => `${stage}: ${category}`,
    held: 'A person looks at it first',
    refunded: 'Its credits are given back.',
    reviewing: 'A person looks at it before it is shown',
    sensitive: 'Sensitive picture',
    reveal: 'Show it',
  },
};
