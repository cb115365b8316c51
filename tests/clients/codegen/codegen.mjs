// The client preset twice: as most use it, and for a client that handles errors, to which @semanticNonNull is non-null.
// The scalars are what the server publishes, so that none is `any`.
const published = await fetch(`${process.env.FRESQUE_URL}/scalars.json`);
const { typescript: scalars } = await published.json();
const config = { strictScalars: true, scalars, enumsAsTypes: true, useTypeImports: true };

export default {
  schema: 'schema.graphql',
  documents: ['core.graphql'],
  emitLegacyCommonJSImports: false,
  generates: {
    'generated/': { preset: 'client', config },
    'handling/': { preset: 'client', config: { ...config, nullability: { errorHandlingClient: true } } },
  },
};
