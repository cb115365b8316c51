import { counter } from './plural';

const count = counter('en');

/** What trends, what is picked for one, and feeds by rules, in words. */
export const feeds = {
  custom: { title: 'Feeds' },
  picked: {
    forYou: 'For you',
    tabs: 'What to show',
    following: 'Following',
    anew: 'Pick anew',
    empty: 'Nothing to pick from yet',
    emptyText: 'Follow a few people and like what you like: what is picked for you appears here.',
    why: {
      FOLLOWED: 'By someone you follow',
      FRIENDS: 'People you follow like this',
      HASHTAG: 'A hashtag you care for',
      TASTE: 'People with your taste like this',
      MEANING: 'Like what you liked',
      TRENDING: 'Trending now',
      NEWCOMER: 'By someone new here',
      FRESH: 'Just hung',
    } as Record<string, string>,
    repostedBy: (name: string) => `Reposted by ${name}, whom you follow`,
    hashtag: (name: string) => `Because of #${name}`,
    more: 'See more like this',
    less: 'See less like this',
    lessOfAuthor: 'See less of this person',
    moreSaid: 'You will see more like this.',
    lessSaid: 'You will see less like this.',
    settingsText:
      'Posts can be picked for you, by what you like and whom you follow. Each says why it is there. Your home of those you follow does not depend on it.',
    choice: 'Pick posts for me',
    choices: { OFF: 'Off', OFFERED: 'In a tab', FIRST: 'First' },
    about: {
      OFF: 'Nothing is picked, and nothing is kept for it.',
      OFFERED: 'Home opens on those you follow; what is picked is one tab away.',
      FIRST: 'Home opens on what is picked; those you follow are one tab away.',
    },
    opinions: 'What you asked for',
    moreOf: (what: string) => `More: ${what}`,
    lessOf: (what: string) => `Less: ${what}`,
    gone: 'something that is gone',
    takeBack: 'Take back',
    takeBackOf: (what: string) => `Take back “${what}”`,
  },
  trends: {
    title: 'Trends',
    language: 'Language',
    all: 'All languages',
    hashtags: 'Hashtags',
    posts: 'Posts',
    people: (n: number) => count(n, { one: '# person', other: '# people' }),
    quiet: 'Nothing stands out right now.',
    quietText: 'What more people than usual are at appears here, worked out every minute.',
    how: 'How this is worked out',
    howText:
      'People count once for each hashtag or post: by how long they have been here, and by followers who are established and not at it themselves. What is usual is taken away, and all of it fades by the hour. Sensitive posts are left out.',
  },
};
