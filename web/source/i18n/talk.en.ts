import { counter } from './plural';

const count = counter('en');

/** The texts around who may talk to whom: policies, hidden replies, quotes, threads, covered pictures, cards of links. */
export const talk = {
  talk: {
    gates: 'Who may reply and quote',
    gatesItem: 'Who may reply and quote…',
    reply: 'Who may reply',
    quote: 'Who may quote',
    replyPolicy: {
      EVERYONE: 'Everyone may reply',
      FOLLOWING: 'People you follow may reply',
      MENTIONED: 'Only people mentioned may reply',
      NOBODY: 'Nobody may reply',
    },
    quotePolicy: {
      EVERYONE: 'Everyone may quote',
      FOLLOWERS: 'Your followers may quote',
      NOBODY: 'Nobody may quote',
    },
    limited: {
      FOLLOWING: 'Only people the author follows or mentions can reply.',
      MENTIONED: 'Only people the author mentions can reply.',
      NOBODY: 'The author takes no replies.',
    },
    hideReply: 'Hide the reply',
    unhideReply: 'Show the reply again',
    hidden: 'The reply is folded away.',
    hiddenReplies: (n: number) => count(n, { one: '# hidden reply', other: '# hidden replies' }),
    hiddenRepliesHint: 'Whoever began the conversation folded these away.',
    detach: 'Take my post out of this quote',
    detached: 'Your post stands in this quote no longer.',
    sensitive: 'Sensitive pictures',
    cover: 'Cover the pictures',
    uncover: 'Do not cover the pictures',
    coveredTitle: 'These pictures may be hard to look at.',
    look: 'Look at them',
    showsSensitive: 'Show sensitive pictures at once',
    showsSensitiveText:
      'Pictures that their authors, or this place, marked as sensitive are covered until you ask for them.',
    on: 'On',
    off: 'Off',
    removeCard: 'Remove the card of the link',
    by: (name: string) => `by ${name}`,
    quotes: 'Quotes',
    likes: 'Likes',
    reposts: 'Reposts',
    noQuotes: 'Nobody has quoted this.',
    noLikes: 'Nobody likes this yet.',
    noReposts: 'Nobody has reposted this.',
    aboutPost: 'What others did with the post',
    toPost: 'The post',
    addPost: 'Add another post',
    removePost: 'Remove this post',
    postOf: (n: number, of: number) => `Post ${n} of ${of}`,
    postAll: (n: number) => count(n, { one: 'Post', other: 'Post all #' }),
    threadPosted: 'Your thread is on the wall.',
    next: 'And then?',
  },
};
