import { Bookmark, Compass, Home, Settings, Sparkles, User } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Dictionary } from '~/i18n/en';
import { places } from '~/routing/places';
import type { Viewer } from '~/session/viewer';

export type Link = { to: string; label: string; icon: ReactNode; end?: boolean };

/** Where one can go, in order. A place that a later release opens is added here when it does. */
export function navigation(text: Dictionary, viewer: Viewer | null): Link[] {
  const open: Link[] = [{ to: places.explore, label: text.places.explore, icon: <Compass /> }];
  if (!viewer) return open;
  return [
    { to: places.home, label: text.places.home, icon: <Home />, end: true },
    ...open,
    { to: places.studio, label: text.places.studio, icon: <Sparkles /> },
    { to: places.bookmarks, label: text.places.bookmarks, icon: <Bookmark /> },
    { to: places.person(viewer.handle), label: text.places.profile, icon: <User /> },
    { to: places.settings, label: text.places.settings, icon: <Settings /> },
  ];
}
