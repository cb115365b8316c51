import { graphql, usePaginationFragment } from 'react-relay/hooks';
import type { ProfilePosts_user$key } from '~/__generated__/ProfilePosts_user.graphql';
import type { ProfilePostsMoreQuery } from '~/__generated__/ProfilePostsMoreQuery.graphql';
import { useText } from '~/i18n/language';
import { PostCard } from '~/post/PostCard';
import { Empty } from '~/shell/Empty';
import { Feed } from '~/timeline/Feed';
import { usePages } from '~/timeline/usePages';
import styles from './ProfilePage.module.css';

/** What a person posted and reposted, the pinned post first. */
export function ProfilePosts({ user }: { user: ProfilePosts_user$key }) {
  const text = useText().profile;
  const { data, ...pagination } = usePaginationFragment<ProfilePostsMoreQuery, ProfilePosts_user$key>(
    graphql`
      fragment ProfilePosts_user on User
      @refetchable(queryName: "ProfilePostsMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
        pinnedPost {
          id
          ...PostCard_post
        }
        posts(first: $first, after: $after) @connection(key: "ProfilePosts_posts") {
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
  return (
    <>
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
        empty={data.pinnedPost ? null : <Empty title={text.empty} />}
      />
    </>
  );
}
