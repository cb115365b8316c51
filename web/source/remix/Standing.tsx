import { Undo2 } from 'lucide-react';
import { graphql } from 'react-relay/hooks';
import type { StandingRestoreMutation } from '~/__generated__/StandingRestoreMutation.graphql';
import type { StandingRevokeMutation } from '~/__generated__/StandingRevokeMutation.graphql';
import { Button } from '~/design/Button';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';

/** For the author of a source: to stand by somebody's remix no longer, or again. */
export function Standing({ postId, taken, onTurned }: { postId: string; taken: boolean; onTurned: () => void }) {
  const text = useText();
  const [revoke, revoking] = useAction<StandingRevokeMutation>(graphql`
    mutation StandingRevokeMutation($input: RevokeRemixInput!) {
      revokeRemix(input: $input) {
        post {
          id
          version
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [restore, restoring] = useAction<StandingRestoreMutation>(graphql`
    mutation StandingRestoreMutation($input: RestoreRemixInput!) {
      restoreRemix(input: $input) {
        post {
          id
          version
        }
        userErrors {
          code
        }
      }
    }
  `);
  const input = { postId };
  const again = () =>
    restore({
      input,
      onDone: () => {
        toast(text.remix.restored);
        onTurned();
      },
    });
  if (taken) {
    return (
      <Button small look="quiet" busy={restoring} onClick={again}>
        {text.remix.restore}
      </Button>
    );
  }
  return (
    <Button
      small
      look="quiet"
      busy={revoking}
      onClick={() =>
        revoke({
          input,
          onDone: () => {
            toast(text.remix.revoked, { action: { label: text.common.undo, run: again } });
            onTurned();
          },
        })
      }
    >
      <Undo2 aria-hidden="true" />
      {text.remix.revoke}
    </Button>
  );
}
