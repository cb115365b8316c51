import { graphql, useFragment } from 'react-relay/hooks';
import { ConnectionHandler, type RecordSourceSelectorProxy } from 'relay-runtime';
import type { HeldRow_user$key } from '~/__generated__/HeldRow_user.graphql';
import type { HeldRowAcceptMutation } from '~/__generated__/HeldRowAcceptMutation.graphql';
import type { HeldRowDismissMutation } from '~/__generated__/HeldRowDismissMutation.graphql';
import { Button } from '~/design/Button';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { PersonRow } from '~/people/PersonRow';
import { useAction } from '~/relay/useAction';

type Props = {
  user: HeldRow_user$key;
  count: number;
  /** What the latest post of theirs says, where there is one. */
  excerpt?: string | null;
  connectionId?: string;
};

/** Somebody whose doings are held back: let in from now on, or thrown away. */
export function HeldRow({ user: key, count, excerpt, connectionId }: Props) {
  const text = useText().bell;
  const user = useFragment(
    graphql`
      fragment HeldRow_user on User {
        id
        handle
        ...PersonRow_user
      }
    `,
    key,
  );
  const [accept] = useAction<HeldRowAcceptMutation>(graphql`
    mutation HeldRowAcceptMutation($input: AcceptNotificationRequestInput!) {
      acceptNotificationRequest(input: $input) {
        viewer {
          notificationRequestCount
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [dismiss] = useAction<HeldRowDismissMutation>(graphql`
    mutation HeldRowDismissMutation($input: DismissNotificationRequestInput!) {
      dismissNotificationRequest(input: $input) {
        viewer {
          notificationRequestCount
        }
        userErrors {
          code
        }
      }
    }
  `);
  const { id, handle } = user;
  const leave = (store: RecordSourceSelectorProxy) => {
    const list = connectionId && store.get(connectionId);
    if (list) ConnectionHandler.deleteNode(list, id);
  };
  const wish = { input: { userId: id }, optimisticUpdater: leave, updater: leave };
  return (
    <PersonRow user={user} note={excerpt ? `${text.things(count)} · ${excerpt}` : text.things(count)}>
      <Button
        small
        onClick={() => accept({ ...wish, onDone: () => toast(text.letIn(handle)) })}
        aria-label={`${text.accept} @${handle}`}
      >
        {text.accept}
      </Button>
      <Button
        small
        look="quiet"
        onClick={() => dismiss({ ...wish, onDone: () => toast(text.dismissed(handle)) })}
        aria-label={`${text.dismiss} @${handle}`}
      >
        {text.dismiss}
      </Button>
    </PersonRow>
  );
}
