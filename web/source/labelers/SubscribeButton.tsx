import { graphql, useFragment, useRelayEnvironment } from 'react-relay/hooks';
import type { SubscribeButton_user$key } from '~/__generated__/SubscribeButton_user.graphql';
import type { SubscribeButtonJoinMutation } from '~/__generated__/SubscribeButtonJoinMutation.graphql';
import type { SubscribeButtonLeaveMutation } from '~/__generated__/SubscribeButtonLeaveMutation.graphql';
import { fetchViewing } from '~/ai/fetchViewing';
import { Button } from '~/design/Button';
import { useAction } from '~/relay/useAction';
import { useViewer } from '~/session/viewer';
import { labelerWords } from './words';

/** Listens to a labeler, or no longer. Not there for oneself. */
export function SubscribeButton({ user: key }: { user: SubscribeButton_user$key }) {
  const words = labelerWords.useText();
  const environment = useRelayEnvironment();
  const viewer = useViewer();
  const { id, handle, labeler } = useFragment(
    graphql`
      fragment SubscribeButton_user on User {
        id
        handle
        labeler {
          viewerIsSubscribed
        }
      }
    `,
    key,
  );
  const [join, joining] = useAction<SubscribeButtonJoinMutation>(graphql`
    mutation SubscribeButtonJoinMutation($input: SubscribeToLabelerInput!) {
      subscribeToLabeler(input: $input) {
        user {
          ...LabelerCard_user
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [leave, leaving] = useAction<SubscribeButtonLeaveMutation>(graphql`
    mutation SubscribeButtonLeaveMutation($input: UnsubscribeFromLabelerInput!) {
      unsubscribeFromLabeler(input: $input) {
        user {
          ...LabelerCard_user
        }
        userErrors {
          code
        }
      }
    }
  `);
  if (!labeler || viewer?.id === id) return null;
  const on = labeler.viewerIsSubscribed;
  const wish = { input: { userId: id }, onDone: () => void fetchViewing(environment) };
  return (
    <Button
      look={on ? 'quiet' : 'primary'}
      small
      busy={joining || leaving}
      aria-pressed={on}
      aria-label={on ? words.leave(handle) : words.start(handle)}
      onClick={() => (on ? leave(wish) : join(wish))}
    >
      {on ? words.listening : words.listen}
    </Button>
  );
}
