import { useState } from 'react';
import { graphql } from 'react-relay/hooks';
import type { AudienceDialogMutation } from '~/__generated__/AudienceDialogMutation.graphql';
import { VISIBILITIES, type Visibility } from '~/compose/draft';
import { Button } from '~/design/Button';
import { Dialog } from '~/design/Dialog';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { codeText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import styles from './AudienceDialog.module.css';

type Props = { postId: string; value: Visibility; onClose: () => void };

/** Whom a post of one's own is for from now on. */
export default function AudienceDialog({ postId, value, onClose }: Props) {
  const text = useText();
  const [chosen, setChosen] = useState(value);
  const [change, busy] = useAction<AudienceDialogMutation>(graphql`
    mutation AudienceDialogMutation($input: UpdatePostVisibilityInput!) {
      updatePostVisibility(input: $input) {
        post {
          id
          version
          visibility
          repostCount
          viewerHasReposted
        }
        userErrors {
          code
          path
        }
      }
    }
  `);
  const save = () => {
    if (chosen === value) return onClose();
    change({
      input: { postId, visibility: chosen },
      onDone: () => {
        onClose();
        toast(text.edits.audienceDone);
      },
      onRefused: ([refusal]) =>
        toast(
          refusal?.path?.[0] === 'visibility' ? text.edits.audienceReply : codeText(text, refusal?.code ?? 'OTHER'),
          { urgent: true },
        ),
    });
  };
  return (
    <Dialog open onOpenChange={onClose} title={text.edits.audienceTitle} description={text.edits.audienceText}>
      <fieldset className={styles.choices}>
        <legend className="visually-hidden">{text.edits.audienceTitle}</legend>
        {VISIBILITIES.map((one) => (
          <label key={one} className={styles.choice}>
            <input type="radio" name="audience" checked={chosen === one} onChange={() => setChosen(one)} />
            {text.compose.audienceHint[one]}
          </label>
        ))}
      </fieldset>
      <p className={styles.foot}>
        <Button busy={busy} onClick={save}>
          {text.edits.save}
        </Button>
      </p>
    </Dialog>
  );
}
