import { Suspense, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { fetchQuery, graphql, type PreloadedQuery, useRelayEnvironment } from 'react-relay/hooks';
import { Link, Outlet, ScrollRestoration, useLoaderData } from 'react-router';
import type { ShellQuery } from '~/__generated__/ShellQuery.graphql';
import { composing } from '~/compose/open';
import { useText } from '~/i18n/language';
import { usePostKeys } from '~/keys/usePostKeys';
import { useChatBadge } from '~/messages/useChatBadge';
import { useNotificationsLive } from '~/notifications/useNotificationsLive';
import { lightbox } from '~/post/lightbox';
import { usePostsLive } from '~/post/usePostsLive';
import { doubts } from '~/relay/connection';
import { preload, usePage } from '~/relay/usePage';
import { later } from '~/routing/later';
import { places } from '~/routing/places';
import { stepUp } from '~/security/stepUpStore';
import { rememberSignedIn, sessionEnded } from '~/session/ended';
import { type Viewer, ViewerContext } from '~/session/viewer';
import { Bar } from './Bar';
import { help } from './help';
import { LineNotice } from './LineNotice';
import { PageSkeleton } from './PageSkeleton';
import { Progress } from './Progress';
import { Rail } from './Rail';
import styles from './Shell.module.css';
import { useShellKeys } from './useShellKeys';

const ComposeDialog = later(() => import('~/compose/ComposeDialog'));
const HelpDialog = later(() => import('~/keys/HelpDialog'));
const StepUp = later(() => import('~/security/StepUp'));
const Lightbox = later(() => import('~/lightbox/Lightbox'));

const QUERY = graphql`
  query ShellQuery {
    viewer {
      role
      isLabeler
      isSuspended
      showsSensitive
      user {
        id
        handle
        displayName
        avatar {
          url(size: SMALL)
        }
      }
      viewing {
        aiPictures
        hiddenLabels
        hasLabelers
      }
    }
  }
`;

export const loader = () => preload<ShellQuery>(QUERY, {}, true);

/** Whether a store was ever true: from then on its dialog is loaded and stays. */
function useEver(now: boolean): boolean {
  const [ever, setEver] = useState(now);
  if (now && !ever) setEver(true);
  return ever;
}

/** Keys and streams of every page: apart, so that what they hear draws nothing anew. */
function Following() {
  useShellKeys();
  usePostKeys();
  usePostsLive();
  useNotificationsLive();
  useChatBadge();
  return null;
}

/** What is around every page: navigation, the state of the line, the dialogs that open over all of them. */
export function Shell() {
  const { viewer } = usePage<ShellQuery>(QUERY, useLoaderData<PreloadedQuery<ShellQuery>>());
  const environment = useRelayEnvironment();
  const text = useText();
  const user = viewer?.user;
  const showsSensitive = viewer?.showsSensitive ?? false;
  const viewing = viewer?.viewing;
  const isLabeler = viewer?.isLabeler ?? false;
  const isSuspended = viewer?.isSuspended ?? false;
  const onTeam = Boolean(viewer) && viewer?.role !== 'MEMBER';
  useEffect(() => rememberSignedIn(user?.id ?? null), [user?.id]);
  useEffect(
    () =>
      doubts.subscribe(() => {
        fetchQuery<ShellQuery>(environment, QUERY, {}, { fetchPolicy: 'network-only' }).subscribe({
          next: (answer) => {
            if (!answer.viewer) sessionEnded();
          },
          error: () => undefined, // the line is down as well; whoever asks next finds out
        });
      }),
    [environment],
  );
  const known = useMemo<Viewer | null>(
    () =>
      user
        ? {
            id: user.id,
            handle: user.handle,
            displayName: user.displayName,
            avatarUrl: user.avatar?.url ?? null,
            showsSensitive,
            ...viewing,
            isLabeler,
            onTeam,
            isSuspended,
          }
        : null,
    [user, showsSensitive, viewing, isLabeler, onTeam, isSuspended],
  );
  const showComposer = useEver(useSyncExternalStore(composing.subscribe, composing.get) !== null);
  const showLightbox = useEver(useSyncExternalStore(lightbox.subscribe, lightbox.get) !== null);
  const showStepUp = useEver(useSyncExternalStore(stepUp.subscribe, stepUp.get) !== null);
  const showHelp = useEver(useSyncExternalStore(help.subscribe, help.get));
  return (
    <ViewerContext value={known}>
      <Following />
      <Progress />
      <a className={styles.skip} href="#content">
        {text.common.skip}
      </a>
      <LineNotice />
      {isSuspended && (
        <p className={styles.suspended} role="status">
          {text.suspended.says} <Link to={places.moderation}>{text.suspended.why}</Link>
        </p>
      )}
      <div className={styles.frame}>
        <Rail />
        <Suspense fallback={<PageSkeleton />}>
          <Outlet />
        </Suspense>
      </div>
      <Bar />
      <Suspense>
        {showComposer && <ComposeDialog />}
        {showLightbox && <Lightbox />}
        {showHelp && <HelpDialog />}
        {showStepUp && <StepUp />}
      </Suspense>
      {/* The first page of a visit always has the key `default`: without its address one page would begin where another was left. */}
      <ScrollRestoration getKey={({ key, pathname }) => (key === 'default' ? `${user?.id ?? ''}${pathname}` : key)} />
    </ViewerContext>
  );
}
