import { counter } from './plural';

const count = counter('en');

/** The texts around saved searches and pictures that look alike. */
export const saved = {
  saved: {
    title: 'Saved searches',
    save: 'Save search',
    kept: 'Saved',
    meaning: 'By meaning',
    fresh: (n: number) => (n >= 50 ? '50 new posts and more' : count(n, { one: '# new post', other: '# new posts' })),
    rename: 'Rename',
    name: 'Name',
    nameWrong: 'One line of 1 to 60 characters.',
    up: 'Move up',
    down: 'Move down',
    delete: 'Delete',
    tooMany: 'You have 25 saved searches. Delete one to keep another.',
    similar: 'More like this picture',
    noneSimilar: 'Nothing looks like it yet',
  },
};
