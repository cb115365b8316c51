import { createBrowserRouter } from 'react-router';
import { Failure } from '~/shell/Failure';
import { Shell, loader as shellLoader } from '~/shell/Shell';
import { Waiting } from '~/shell/Waiting';
import { arrived } from './direction';

/**
 * Every page is a module of its own that exports `Component` and mostly `loader`; it is fetched when it is first gone to. Places that
 * later releases open lead to `Soon` and are linked nowhere.
 */
export const router = createBrowserRouter([
  {
    id: 'shell',
    loader: shellLoader,
    shouldRevalidate: () => false,
    Component: Shell,
    HydrateFallback: Waiting,
    ErrorBoundary: Failure,
    children: [
      {
        ErrorBoundary: Failure,
        children: [
          { index: true, lazy: () => import('../home/HomePage') },
          { path: 'explore', lazy: () => import('~/explore/ExplorePage') },
          { path: 'post/:id', lazy: () => import('~/conversation/ConversationPage') },
          { path: 'login', lazy: () => import('~/session/LogInPage') },
          { path: 'signup', lazy: () => import('~/session/SignUpPage') },
          { path: 'studio', lazy: () => import('~/studio/StudioPage') },
          { path: 'bookmarks', lazy: () => import('~/bookmarks/BookmarksPage') },
          { path: 'settings', lazy: () => import('~/settings/SettingsPage') },
          { path: 'search', lazy: () => import('~/shell/Soon') },
          { path: 'notifications', lazy: () => import('~/shell/Soon') },
          { path: 'messages', lazy: () => import('~/shell/Soon') },
          { path: ':at', lazy: () => import('~/profile/ProfilePage') },
          { path: ':at/media', lazy: () => import('~/profile/ProfilePage') },
          { path: '*', lazy: () => import('~/shell/NotFound') },
        ],
      },
    ],
  },
]);

router.subscribe((state) => {
  if (state.navigation.state === 'idle') arrived();
});
