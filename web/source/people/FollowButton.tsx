import { graphql, useFragment } from 'react-relay/hooks';
import type { FollowButton_user$key } from '~/__generated__/FollowButton_user.graphql';
import type { FollowButtonFollowMutation } from '~/__generated__/FollowButtonFollowMutation.graphql';
import type { FollowButtonUnfollowMutation } from '~/__generated__/FollowButtonUnfollowMutation.graphql';
import { Button } from '~/design/Button';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { useViewer } from '~/session/viewer';

/** Follows or unfollows a person; shows at once, taken back when refused. Not there for oneself. */
export function FollowButton({ user: key, small }: { user: FollowButton_user$key; small?: boolean }) {
  const text = useText().profile;
  const viewer = useViewer();
  const user = useFragment(
    graphql`
      fragment FollowButton_user on User {
        id
        handle
        followerCount
        viewerIsFollowing
        viewerIsBlocking
      }
    `,
    key,
  );
  const [follow] = useAction<FollowButtonFollowMutation>(graphql`
    mutation FollowButtonFollowMutation($input: FollowUserInput!) {
      followUser(input: $input) {
        user {
          id
          followerCount
          viewerIsFollowing
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [unfollow] = useAction<FollowButtonUnfollowMutation>(graphql`
    mutation FollowButtonUnfollowMutation($input: UnfollowUserInput!) {
      unfollowUser(input: $input) {
        user {
          id
          followerCount
          viewerIsFollowing
        }
        userErrors {
          code
        }
      }
    }
  `);
  if (viewer?.id === user.id || user.viewerIsBlocking) return null;
  const following = user.viewerIsFollowing;
  const toggle = () => {
    const input = { userId: user.id };
    const shown = {
      id: user.id,
      followerCount: Math.max(0, user.followerCount + (following ? -1 : 1)),
      viewerIsFollowing: !following,
    };
    if (following) unfollow({ input, optimisticResponse: { unfollowUser: { user: shown, userErrors: [] } } });
    else follow({ input, optimisticResponse: { followUser: { user: shown, userErrors: [] } } });
  };
  return (
    <Button
      look={following ? 'quiet' : 'primary'}
      small={small}
      aria-pressed={following}
      aria-label={`${following ? text.following : text.follow} @${user.handle}`}
      title={following ? text.unfollow : undefined}
      onClick={toggle}
    >
      {following ? text.following : text.follow}
    </Button>
  );
}
