import { graphql, useFragment } from 'react-relay/hooks';
import { ConnectionHandler, type RecordSourceSelectorProxy } from 'relay-runtime';
import type { RequestButtons_user$key } from '~/__generated__/RequestButtons_user.graphql';
import type { RequestButtonsAcceptMutation } from '~/__generated__/RequestButtonsAcceptMutation.graphql';
import type { RequestButtonsDeclineMutation } from '~/__generated__/RequestButtonsDeclineMutation.graphql';
import { Button } from '~/design/Button';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';

type Props = {
  user: RequestButtons_user$key /** The list it leaves, where it stands in one. */;
  connectionId?: string;
};

/** Lets somebody in who asked to follow, or turns them down. */
export function RequestButtons({ user: key, connectionId }: Props) {
  const text = useText().people;
  const { id, handle } = useFragment(
    graphql`
      fragment RequestButtons_user on User {
        id
        handle
      }
    `,
    key,
  );
  const [accept] = useAction<RequestButtonsAcceptMutation>(graphql`
    mutation RequestButtonsAcceptMutation($input: AcceptFollowRequestInput!) {
      acceptFollowRequest(input: $input) {
        user {
          id
          viewerIsRequestedBy
          viewerIsFollowedBy
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [decline] = useAction<RequestButtonsDeclineMutation>(graphql`
    mutation RequestButtonsDeclineMutation($input: DeclineFollowRequestInput!) {
      declineFollowRequest(input: $input) {
        user {
          id
          viewerIsRequestedBy
        }
        userErrors {
          code
        }
      }
    }
  `);
  const leave = (store: RecordSourceSelectorProxy) => {
    store.get(id)?.setValue(false, 'viewerIsRequestedBy');
    const list = connectionId && store.get(connectionId);
    if (list) ConnectionHandler.deleteNode(list, id);
  };
  const input = { userId: id };
  return (
    <>
      <Button
        small
        onClick={() =>
          accept({ input, optimisticUpdater: leave, updater: leave, onDone: () => toast(text.accepted(handle)) })
        }
        aria-label={`${text.accept} @${handle}`}
      >
        {text.accept}
      </Button>
      <Button
        small
        look="quiet"
        onClick={() =>
          decline({ input, optimisticUpdater: leave, updater: leave, onDone: () => toast(text.declined(handle)) })
        }
        aria-label={`${text.decline} @${handle}`}
      >
        {text.decline}
      </Button>
    </>
  );
}
