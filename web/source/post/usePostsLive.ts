import { useEffect, useRef, useSyncExternalStore } from 'react';
import { graphql, useRelayEnvironment } from 'react-relay/hooks';
import type { usePostsLiveQuery } from '~/__generated__/usePostsLiveQuery.graphql';
import type { usePostsLiveSubscription } from '~/__generated__/usePostsLiveSubscription.graphql';
import { fetchViewing } from '~/ai/fetchViewing';
import { fetchSurely } from '~/relay/fetchSurely';
import { hear, heardOf, useLive } from '~/relay/useLive';
import { heardOfPost } from './coming';
import { Known } from './followed';
import { followed } from './onScreen';
import '~/talk/live';

const PLACE = 'posts';

const LIVE = graphql`
  subscription usePostsLiveSubscription($ids: [ID!]!, $after: String) {
    postsChanged(ids: $ids, after: $after) {
      __typename
      cursor
      ... on PostChanged {
        post {
          id
          version
          likeCount
          repostCount
          replyCount
          quoteCount
          remixCount
          viewerCanRemix
          editedAt
          editCount
          visibility
          contentWarning
          ...PostPoll_post
          ...PostText_post
          ...PostPictures_post
          ...PostCreation_post
          ...live_post
        }
      }
      ... on PostProgressed {
        postId
        fraction
        previewUrl
        outputIndex
      }
      ... on PostRemoved {
        postId
      }
      ... on Reset {
        reason
      }
    }
  }
`;

const ANEW = graphql`
  query usePostsLiveQuery($ids: [ID!]!) {
    nodes(ids: $ids) {
      id
      ... on Post {
        version
        likeCount
        repostCount
        replyCount
        quoteCount
        remixCount
        viewerCanRemix
        editedAt
        editCount
        visibility
        contentWarning
        ...PostPoll_post
        ...PostText_post
        ...PostPictures_post
        ...PostCreation_post
        ...live_post
      }
    }
  }
`;

/** Keeps the posts on the page as they are now: counts, text, and whether they still are. Once in the application. */
export function usePostsLive(): void {
  const environment = useRelayEnvironment();
  const ids = useSyncExternalStore(followed.subscribe, followed.get);
  const known = useRef(new Known());
  const before = useRef<readonly string[]>([]);
  // Before the stream of `useLive` begins anew with other ids: note where the old ones were left, and begin where all are known.
  useEffect(() => {
    const now = heardOf(PLACE);
    known.current.left(before.current, now);
    before.current = ids;
    const from = known.current.from(ids, now);
    if (from) hear(PLACE, from);
  }, [ids]);
  useLive<usePostsLiveSubscription>(LIVE, {
    place: PLACE,
    variables: ids.length ? { ids: [...ids] } : null,
    after: undefined,
    updater: (store, { postsChanged: event }) => {
      if (event.__typename === 'PostRemoved' && event.postId) store.delete(event.postId);
    },
    onEvent: ({ postsChanged: event }) => {
      if (event.__typename === 'PostProgressed') return heardOfPost(event);
      if (event.__typename !== 'Reset' || !ids.length) return;
      void fetchViewing(environment);
      // What is gone meanwhile comes back as null and leaves by itself when its list is fetched anew.
      void fetchSurely<usePostsLiveQuery>(environment, ANEW, { ids: [...ids] });
    },
  });
}
