import { graphql, usePaginationFragment } from 'react-relay/hooks';
import type { ProfilePosts_user$key } from '~/__generated__/ProfilePosts_user.graphql';
import type { ProfilePostsMoreQuery } from '~/__generated__/ProfilePostsMoreQuery.graphql';
import { useText } from '~/i18n/language';
import { PostCard } from '~/post/PostCard';
import { useViewer } from '~/session/viewer';
import { Empty } from '~/shell/Empty';
import { Feed } from '~/timeline/Feed';
import { FreshPill } from '~/timeline/FreshPill';
import { useFeed, waitingOf } from '~/timeline/useFeed';
import { usePages } from '~/timeline/usePages';
import { useShowFresh } from '~/timeline/useShowFresh';
import styles from './ProfilePage.module.css';

const FRESH = graphql`
  query ProfilePostsFreshQuery($id: ID!, $first: Int!) {
    node(id: $id) {
      ... on User {
        ...ProfileHead_user
        posts(first: $first) {
          edges {
            cursor
            repostedBy {
              id
            }
            node {
              id
            }
            ...Entry_edge
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  }
`;

const LIVE = graphql`
  subscription ProfilePostsSubscription($id: ID!, $after: String) {
    userTimeline(id: $id, after: $after) {
      __typename
      cursor
      ... on PostPublished {
        edge {
          cursor
          repostedBy {
            id
          }
          node {
            id
          }
          ...Entry_edge
        }
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

/** What a person posted and reposted, the pinned post first. */
export function ProfilePosts({ user }: { user: ProfilePosts_user$key }) {
  const { profile: text, people } = useText();
  const viewer = useViewer();
  const { data, ...pagination } = usePaginationFragment<ProfilePostsMoreQuery, ProfilePosts_user$key>(
    graphql`
      fragment ProfilePosts_user on User
      @refetchable(queryName: "ProfilePostsMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
        id
        handle
        isPrivate
        viewerIsFollowing
        pinnedPost {
          id
          ...PostCard_post
        }
        posts(first: $first, after: $after) @connection(key: "ProfilePosts_posts") {
          __id
          liveCursor
          pending {
            repostedBy {
              id
              handle
              displayName
              avatar {
                url(size: SMALL)
              }
            }
            node {
              id
              author {
                id
                handle
                displayName
                avatar {
                  url(size: SMALL)
                }
              }
            }
            ...Entry_edge
          }
          edges {
            repostedBy {
              id
            }
            node {
              id
            }
            ...Entry_edge
          }
        }
      }
    `,
    user,
  );
  const pages = usePages(pagination);
  const { id, posts } = data;
  const bringIn = useFeed({
    place: `person ${id}`,
    field: 'userTimeline',
    subscription: LIVE,
    variables: { id },
    connectionId: posts?.__id ?? null,
    length: posts?.edges.length ?? 0,
    liveCursor: posts?.liveCursor,
    fresh: {
      query: FRESH,
      variables: { id },
      find: (store, first) => store.get(id)?.getLinkedRecord('posts', { first }),
    },
  });
  const show = useShowFresh(bringIn);
  const closed = data.isPrivate && !data.viewerIsFollowing && viewer?.id !== id;
  const waiting = waitingOf(posts).flatMap(({ node, repostedBy }) => (node ? [repostedBy ?? node.author] : []));
  return (
    <>
      <FreshPill people={waiting} count={waiting.length} onShow={show} />
      {data.pinnedPost && (
        <>
          <p className={styles.pinned}>{text.pinned}</p>
          <PostCard post={data.pinnedPost} />
        </>
      )}
      <Feed
        label={text.posts}
        edges={data.posts?.edges ?? []}
        {...pages}
        empty={
          closed ? (
            <Empty title={people.closed} text={people.closedText(data.handle)} />
          ) : data.pinnedPost ? null : (
            <Empty title={text.empty} />
          )
        }
      />
    </>
  );
}
