import { graphql, useRelayEnvironment } from 'react-relay/hooks';
import type { SavedBadgeSubscription } from '~/__generated__/SavedBadgeSubscription.graphql';
import { useText } from '~/i18n/language';
import styles from '~/notifications/Badge.module.css';
import { useLive } from '~/relay/useLive';
import { useViewer } from '~/session/viewer';
import { refetchSaved, useSaved } from './saved';

const LIVE = graphql`
  subscription SavedBadgeSubscription($after: String) {
    savedSearches(after: $after) {
      __typename
      cursor
      ... on SavedSearchChanged {
        savedSearch {
          id
          version
          name
          text
          byMeaning
          position
          newPostCount
        }
      }
      ... on SavedSearchRemoved {
        savedSearchId
      }
      ... on Reset {
        reason
      }
    }
  }
`;

/** How many new posts one's saved searches found, live on every page; nothing when there are none. */
export default function SavedBadge() {
  const text = useText().saved;
  const viewer = useViewer();
  const environment = useRelayEnvironment();
  const { searches, liveCursor } = useSaved();
  useLive<SavedBadgeSubscription>(LIVE, {
    place: `saved searches of ${viewer?.id}`,
    variables: viewer ? {} : null,
    after: liveCursor,
    onEvent: ({ savedSearches: event }) => {
      const known = event.savedSearch && searches.some(({ id }) => id === event.savedSearch?.id);
      if (event.__typename !== 'LiveHeartbeat' && !known) refetchSaved(environment);
    },
  });
  const count = searches.reduce((sum, { newPostCount }) => sum + (newPostCount ?? 0), 0);
  if (!count) return null;
  return (
    <span className={styles.badge} data-new={count}>
      <span aria-hidden="true">{count >= 50 ? '50+' : count}</span>
      <span className="visually-hidden">{text.fresh(count)}</span>
    </span>
  );
}
