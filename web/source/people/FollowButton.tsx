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
  const { profile: text, people } = useText();
  const viewer = useViewer();
  const user = useFragment(
    graphql`
      fragment FollowButton_user on User {
        id
        handle
        followerCount
        isPrivate
        viewerIsFollowing
        viewerHasRequestedFollow
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
          viewerHasRequestedFollow
          viewerFollow {
            hidesReposts
            notifiesOnPost
          }
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
          viewerHasRequestedFollow
        }
        userErrors {
          code
        }
      }
    }
  `);
  if (viewer?.id === user.id || user.viewerIsBlocking) return null;
  const following = user.viewerIsFollowing;
  const requested = user.viewerHasRequestedFollow;
  const toggle = () => {
    const input = { userId: user.id };
    const starts = !following && !requested;
    const lets = starts && !user.isPrivate; // who is private is asked first
    const shown = {
      id: user.id,
      followerCount: Math.max(0, user.followerCount + (lets ? 1 : following ? -1 : 0)),
      viewerIsFollowing: lets,
      viewerHasRequestedFollow: starts && user.isPrivate,
    };
    if (starts) follow({ input, optimisticResponse: { followUser: { user: shown, userErrors: [] } } });
    else unfollow({ input, optimisticResponse: { unfollowUser: { user: shown, userErrors: [] } } });
  };
  const label = following ? text.following : requested ? people.requested : text.follow;
  return (
    <Button
      look={following || requested ? 'quiet' : 'primary'}
      small={small}
      aria-pressed={following || requested}
      aria-label={`${label} @${user.handle}`}
      title={
        following ? text.unfollow : requested ? people.cancelRequest : user.isPrivate ? people.askToFollow : undefined
      }
      onClick={toggle}
    >
      {label}
    </Button>
  );
}
