import {
  Bell,
  Bookmark,
  Compass,
  Gavel,
  Home,
  List,
  Mail,
  Rows3,
  Search,
  Settings,
  Sparkles,
  User,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { Dictionary } from '~/i18n/en';
import { ChatBadge } from '~/messages/ChatBadge';
import { Badge } from '~/notifications/Badge';
import { places } from '~/routing/places';
import { SavedNote } from '~/search/SavedNote';
import type { Viewer } from '~/session/viewer';

export type Link = { to: string; label: string; icon: ReactNode; end?: boolean; note?: ReactNode };

/** Where one can go, in order. A place that a later release opens is added here when it does. */
export function navigation(text: Dictionary, viewer: Viewer | null): Link[] {
  const open: Link[] = [
    { to: places.explore, label: text.places.explore, icon: <Compass /> },
    { to: places.search, label: text.places.search, icon: <Search />, note: viewer && <SavedNote /> },
  ];
  if (!viewer) return open;
  return [
    { to: places.home, label: text.places.home, icon: <Home />, end: true },
    ...open,
    { to: places.notifications, label: text.places.notifications, icon: <Bell />, note: <Badge /> },
    { to: places.studio, label: text.places.studio, icon: <Sparkles /> },
    { to: places.messages, label: text.places.messages, icon: <ChatBadge icon={<Mail />} /> },
    { to: places.bookmarks, label: text.places.bookmarks, icon: <Bookmark /> },
    { to: places.lists, label: text.lists.title, icon: <List /> },
    { to: places.feeds, label: text.custom.title, icon: <Rows3 /> },
    { to: places.person(viewer.handle), label: text.places.profile, icon: <User /> },
    ...(viewer.onTeam ? [{ to: places.desk, label: text.reporting.desk, icon: <Gavel /> }] : []),
    { to: places.settings, label: text.places.settings, icon: <Settings /> },
  ];
}
