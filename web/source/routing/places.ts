/** The addresses of the client, in one place. */
export const places = {
  home: '/',
  explore: '/explore',
  search: '/search',
  notifications: '/notifications',
  messages: '/messages',
  studio: '/studio',
  bookmarks: '/bookmarks',
  settings: '/settings',
  logIn: '/login',
  signUp: '/signup',
  person: (handle: string) => `/@${handle}`,
  media: (handle: string) => `/@${handle}/media`,
  post: (id: string) => `/post/${id}`,
  hashtag: (name: string) => `/tag/${encodeURIComponent(name)}`,
} as const;

/** An address of ours to go back to, or home: never one that leads elsewhere. */
export function safeNext(next: string | null): string {
  return next?.startsWith('/') && !next.startsWith('//') && !next.includes('\\') ? next : places.home;
}
