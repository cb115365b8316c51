/** The addresses of the client, in one place. */
export const places = {
  home: '/',
  explore: '/explore',
  search: '/search',
  notifications: '/notifications',
  mentions: '/notifications/mentions',
  held: '/notifications/requests',
  notificationSettings: '/settings/notifications',
  messages: '/messages',
  studio: '/studio',
  bookmarks: '/bookmarks',
  drafts: '/drafts',
  lists: '/lists',
  feeds: '/feeds',
  newFeed: '/feeds/new',
  suggestions: '/suggestions',
  settings: '/settings',
  security: '/settings/security',
  credits: '/settings/credits',
  labelers: '/settings/labels',
  sharing: '/settings/sharing',
  webhooks: '/settings/webhooks',
  tokens: '/settings/tokens',
  moderation: '/moderation',
  reports: '/moderation#reports',
  transparency: '/transparency',
  desk: '/desk',
  apps: '/settings/apps',
  privacy: '/settings/privacy',
  blocked: '/settings/blocked',
  muted: '/settings/muted',
  words: '/settings/words',
  requests: '/settings/requests',
  verify: '/verify',
  account: '/settings/account',
  invitations: '/settings/invitations',
  forgot: '/forgot',
  logIn: '/login',
  signUp: '/signup',
  person: (handle: string) => `/@${handle}`,
  media: (handle: string) => `/@${handle}/media`,
  followers: (handle: string) => `/@${handle}/followers`,
  following: (handle: string) => `/@${handle}/following`,
  post: (id: string) => `/post/${id}`,
  similar: (imageId: string) => `/similar/${imageId}`,
  lineage: (imageId: string) => `/lineage/${imageId}`,
  quotes: (id: string) => `/post/${id}/quotes`,
  likes: (id: string) => `/post/${id}/likes`,
  reposts: (id: string) => `/post/${id}/reposts`,
  chat: (id: string) => `/messages/${id}`,
  thread: (id: string) => `/studio/thread/${id}`,
  board: (id: string) => `/boards/${id}`,
  feed: (id: string) => `/feeds/${id}`,
  editFeed: (id: string) => `/feeds/${id}/edit`,
  list: (id: string) => `/lists/${id}`,
  listPeople: (id: string) => `/lists/${id}/people`,
  deskTab: (tab: 'closed' | 'appeals' | 'held' | 'rules' | 'log' | 'team') => `/desk/${tab}`,
  rule: (id: string) => `/desk/rules/${id}`,
  case: (id: string) => `/desk/case/${id}`,
  webhook: (id: string) => `/settings/webhooks/${id}`,
  found: (text: string, tab: 'posts' | 'best' | 'people' | 'hashtags' | 'pictures' = 'posts') =>
    `/search?${new URLSearchParams(tab === 'posts' ? { q: text } : { q: text, tab })}`,
  hashtag: (name: string) => `/tag/${encodeURIComponent(name)}`,
} as const;

/** Where nobody is: an address that leads elsewhere, or says that it is here, cannot be this one. */
const NOWHERE = 'https://nowhere.invalid';

/**
 * An address of ours to go back to, or home: never one that leads elsewhere. It is read as the browser will read it, which passes over
 * tabs and line ends, takes `\` for `/`, and what dots lead back from may leave `//` at the beginning.
 */
export function safeNext(next: string | null): string {
  if (!next?.startsWith('/') || !URL.canParse(next, NOWHERE)) return places.home;
  const { origin, pathname, search, hash } = new URL(next, NOWHERE);
  return origin === NOWHERE && !pathname.startsWith('//') ? pathname + search + hash : places.home;
}
