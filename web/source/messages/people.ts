/** A member of a chat, as names are made of them. */
export type Named = {
  readonly user: { readonly id: string; readonly displayName: string; readonly handle: string } | null | undefined;
};

/** The others of a chat by name, as many as fit. */
export function namesOf(members: readonly Named[], viewerId: string, most = 4): string {
  const others = members.flatMap(({ user }) => (user && user.id !== viewerId ? [user.displayName] : []));
  return others.length > most ? `${others.slice(0, most).join(', ')} +${others.length - most}` : others.join(', ');
}

/** The one other person of a chat of two; undefined when they are gone. */
export function otherOf<M extends Named>(members: readonly M[], viewerId: string): M['user'] {
  return members.find(({ user }) => user && user.id !== viewerId)?.user;
}
