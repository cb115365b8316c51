import { graphql, useFragment } from 'react-relay/hooks';
import type { Linked_viewer$key } from '~/__generated__/Linked_viewer.graphql';
import type { LinkedUnlinkMutation } from '~/__generated__/LinkedUnlinkMutation.graphql';
import { Button } from '~/design/Button';
import { toast } from '~/design/Toast';
import { useAction } from '~/relay/useAction';
import { places } from '~/routing/places';
import { Section } from '~/settings/Section';
import { useStart } from './ExternalLogin';
import { without } from './listed';
import { appWords } from './words';

/** Whether one may sign in with the outside provider, and the change of that. */
export function Linked({ viewer: key, name }: { viewer: Linked_viewer$key; name: string }) {
  const text = appWords.useText().external;
  const { __id, externalIdentities } = useFragment(
    graphql`
      fragment Linked_viewer on Viewer {
        __id
        externalIdentities {
          id
        }
      }
    `,
    key,
  );
  const [start, starting] = useStart();
  const [unlink, unlinking] = useAction<LinkedUnlinkMutation>(graphql`
    mutation LinkedUnlinkMutation($input: UnlinkIdentityInput!) {
      unlinkIdentity(input: $input) {
        unlinkedIdentityId
        userErrors {
          code
          path
        }
      }
    }
  `);
  const [linked] = externalIdentities;
  return (
    <Section title={text.title(name)} text={linked ? text.linked : text.unlinked}>
      {linked ? (
        <Button
          look="quiet"
          busy={unlinking}
          onClick={() =>
            unlink({
              input: { identityId: linked.id },
              updater: (store) => without(store, __id, 'externalIdentities', linked.id),
              onDone: () => toast(text.ended),
              onRefused: ([first]) =>
                toast(first?.code === 'CONFLICT' ? text.only : (text.failures.external_failed ?? ''), { urgent: true }),
            })
          }
        >
          {text.unlink}
        </Button>
      ) : (
        <Button look="quiet" busy={starting} onClick={() => start({ next: places.apps, link: true })}>
          {text.link}
        </Button>
      )}
    </Section>
  );
}
