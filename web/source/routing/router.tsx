import { createBrowserRouter } from 'react-router';
import { takeAnew } from '~/shell/anew';
import { Failure } from '~/shell/Failure';
import { Shell, loader as shellLoader } from '~/shell/Shell';
import { Waiting } from '~/shell/Waiting';
import { arrived, heading } from './direction';
import { page } from './later';

/**
 * Every page is a module of its own that exports `Component` and mostly `loader`; it is fetched when it is first gone to. Places that
 * later releases open lead to `Soon` and are linked nowhere.
 */
export const router = createBrowserRouter([
  {
    id: 'shell',
    loader: shellLoader,
    shouldRevalidate: takeAnew,
    Component: Shell,
    HydrateFallback: Waiting,
    ErrorBoundary: Failure,
    children: [
      {
        ErrorBoundary: Failure,
        children: [
          { index: true, lazy: page(() => import('../home/HomePage')) },
          { path: 'explore', lazy: page(() => import('~/explore/ExplorePage')) },
          { path: 'post/:id', lazy: page(() => import('~/conversation/ConversationPage')) },
          { path: 'similar/:id', lazy: page(() => import('~/search/SimilarPage')) },
          { path: 'lineage/:id', lazy: page(() => import('~/lineage/LineagePage')) },
          { path: 'post/:id/quotes', lazy: page(() => import('~/talk/QuotesPage')) },
          { path: 'post/:id/likes', lazy: page(() => import('~/talk/LikesPage')) },
          { path: 'post/:id/reposts', lazy: page(() => import('~/talk/RepostsPage')) },
          { path: 'tag/:name', lazy: page(() => import('~/hashtag/HashtagPage')) },
          { path: 'login', lazy: page(() => import('~/session/LogInPage')) },
          { path: 'forgot', lazy: page(() => import('~/session/ForgotPage')) },
          { path: 'reset', lazy: page(() => import('~/session/ResetPage')) },
          { path: 'verify-email', lazy: page(() => import('~/session/VerifyEmailPage')) },
          { path: 'signup', lazy: page(() => import('~/session/SignUpPage')) },
          { path: 'studio', lazy: page(() => import('~/studio/StudioPage')) },
          { path: 'studio/thread/:id', lazy: page(() => import('~/studio/ThreadPage')) },
          { path: 'drafts', lazy: page(() => import('~/drafts/DraftsPage')) },
          { path: 'bookmarks', lazy: page(() => import('~/bookmarks/BookmarksPage')) },
          { path: 'boards/:id', lazy: page(() => import('~/boards/BoardPage')) },
          { path: 'lists', lazy: page(() => import('~/lists/ListsPage')) },
          { path: 'lists/:id', lazy: page(() => import('~/lists/ListPage')) },
          { path: 'lists/:id/people', lazy: page(() => import('~/lists/ListPage')) },
          { path: 'feeds', lazy: page(() => import('~/feeds/FeedsPage')) },
          { path: 'feeds/new', lazy: page(() => import('~/feeds/BuildPage')) },
          { path: 'feeds/:id', lazy: page(() => import('~/feeds/FeedPage')) },
          { path: 'feeds/:id/edit', lazy: page(() => import('~/feeds/BuildPage')) },
          { path: 'suggestions', lazy: page(() => import('~/suggestions/SuggestionsPage')) },
          { path: 'settings', lazy: page(() => import('~/settings/SettingsPage')) },
          { path: 'settings/account', lazy: page(() => import('~/entry/AccountPage')) },
          { path: 'settings/invitations', lazy: page(() => import('~/entry/InvitationsPage')) },
          { path: 'settings/privacy', lazy: page(() => import('~/muting/PrivacyPage')) },
          { path: 'settings/blocked', lazy: page(() => import('~/muting/BlockedPage')) },
          { path: 'settings/muted', lazy: page(() => import('~/muting/MutedPage')) },
          { path: 'settings/words', lazy: page(() => import('~/muting/WordsPage')) },
          { path: 'settings/requests', lazy: page(() => import('~/people/RequestsPage')) },
          { path: 'settings/security', lazy: page(() => import('~/security/SecurityPage')) },
          { path: 'settings/labels', lazy: page(() => import('~/labelers/LabelersPage')) },
          { path: 'settings/credits', lazy: page(() => import('~/credits/CreditsPage')) },
          { path: 'settings/sharing', lazy: page(() => import('~/remix/SharingPage')) },
          { path: 'settings/webhooks', lazy: page(() => import('~/webhooks/WebhooksPage')) },
          { path: 'settings/webhooks/:id', lazy: page(() => import('~/webhooks/WebhookPage')) },
          { path: 'authorize', lazy: page(() => import('~/apps/AuthorizePage')) },
          { path: 'settings/apps', lazy: page(() => import('~/apps/AppsPage')) },
          { path: 'settings/tokens', lazy: page(() => import('~/apps/TokensPage')) },
          { path: 'moderation', lazy: page(() => import('~/moderation/ModerationPage')) },
          { path: 'transparency', lazy: page(() => import('~/moderation/TransparencyPage')) },
          { path: 'desk', lazy: page(() => import('~/desk/QueuePage')) },
          { path: 'desk/closed', lazy: page(() => import('~/desk/QueuePage')) },
          { path: 'desk/appeals', lazy: page(() => import('~/desk/AppealsPage')) },
          { path: 'desk/held', lazy: page(() => import('~/desk/HeldPicturesPage')) },
          { path: 'desk/rules', lazy: page(() => import('~/desk/RulesPage')) },
          { path: 'desk/rules/:id', lazy: page(() => import('~/desk/RulePage')) },
          { path: 'desk/log', lazy: page(() => import('~/desk/LogPage')) },
          { path: 'desk/team', lazy: page(() => import('~/desk/TeamPage')) },
          { path: 'desk/case/:id', lazy: page(() => import('~/desk/CasePage')) },
          { path: 'verify', lazy: page(() => import('~/verify/VerifyPage')) },
          { path: 'search', lazy: page(() => import('~/search/SearchPage')) },
          { path: 'notifications', lazy: page(() => import('~/notifications/NotificationsPage')) },
          { path: 'notifications/mentions', lazy: page(() => import('~/notifications/MentionsPage')) },
          { path: 'notifications/requests', lazy: page(() => import('~/notifications/HeldPage')) },
          { path: 'settings/notifications', lazy: page(() => import('~/notifications/NotificationSettingsPage')) },
          { path: 'messages', lazy: page(() => import('~/messages/MessagesPage')) },
          { path: 'messages/:id', lazy: page(() => import('~/messages/MessagesPage')) },
          { path: ':at', lazy: page(() => import('~/profile/ProfilePage')) },
          { path: ':at/followers', lazy: page(() => import('~/people/FollowersPage')) },
          { path: ':at/following', lazy: page(() => import('~/people/FollowingPage')) },
          { path: ':at/media', lazy: page(() => import('~/profile/ProfilePage')) },
          { path: '*', lazy: page(() => import('~/shell/NotFound')) },
        ],
      },
    ],
  },
]);

router.subscribe((state) => {
  heading.set(state.navigation.location?.key ?? state.location.key);
  if (state.navigation.state === 'idle') arrived();
});
