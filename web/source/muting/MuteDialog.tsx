import { useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { MuteDialog_user$key } from '~/__generated__/MuteDialog_user.graphql';
import type { MuteDialogMutation } from '~/__generated__/MuteDialogMutation.graphql';
import { Button } from '~/design/Button';
import { Dialog } from '~/design/Dialog';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { DurationField } from './DurationField';
import { type Duration, lasting } from './duration';
import styles from './Muting.module.css';

type Props = { user: MuteDialog_user$key; onClose: () => void };

/** Mutes somebody for as long as is chosen, with or without their notifications. */
export default function MuteDialog({ user: key, onClose }: Props) {
  const text = useText();
  const [duration, setDuration] = useState<Duration>('h24');
  const [silent, setSilent] = useState(true);
  const { id, handle } = useFragment(
    graphql`
      fragment MuteDialog_user on User {
        id
        handle
      }
    `,
    key,
  );
  const [mute, busy] = useAction<MuteDialogMutation>(graphql`
    mutation MuteDialogMutation($input: MuteUserInput!) {
      muteUser(input: $input) {
        user {
          id
          viewerIsMuting
          viewerMute {
            expiresAt
            mutesNotifications
          }
        }
        userErrors {
          code
        }
      }
    }
  `);
  const save = () =>
    mute({
      input: { userId: id, mutesNotifications: silent, ...lasting(duration) },
      onDone: () => {
        onClose();
        toast(text.profile.muted(handle));
      },
    });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text.muting.muteTitle(handle)}
      description={text.muting.muteText}
    >
      <div className={styles.dialog}>
        <DurationField value={duration} onChange={setDuration} />
        <label className={styles.check}>
          <input type="checkbox" checked={silent} onChange={({ target }) => setSilent(target.checked)} />
          {text.muting.notifications}
        </label>
        <div className={styles.buttons}>
          <Button look="quiet" onClick={onClose}>
            {text.common.cancel}
          </Button>
          <Button busy={busy} onClick={save}>
            {text.profile.mute}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
