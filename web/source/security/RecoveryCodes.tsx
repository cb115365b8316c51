import { useState } from 'react';
import { graphql } from 'react-relay/hooks';
import type { RecoveryCodesMutation } from '~/__generated__/RecoveryCodesMutation.graphql';
import { Button } from '~/design/Button';
import Confirm from '~/design/Confirm';
import { useAction } from '~/relay/useAction';
import { Section } from '~/settings/Section';
import styles from './Security.module.css';
import { securityWords } from './words';

type Props = { left: number; asked: boolean; onCodes: (codes: readonly string[]) => void };

/** How many recovery codes are left, and new ones. */
export function RecoveryCodes({ left, asked, onCodes }: Props) {
  const words = securityWords.useText().codes;
  const [asking, setAsking] = useState(false);
  const [renew, busy] = useAction<RecoveryCodesMutation>(graphql`
    mutation RecoveryCodesMutation($input: RenewRecoveryCodesInput!) {
      renewRecoveryCodes(input: $input) {
        recoveryCodes
        userErrors {
          code
        }
      }
    }
  `);
  const make = () =>
    renew({
      input: {},
      onDone: ({ renewRecoveryCodes: { recoveryCodes } }) => {
        setAsking(false);
        if (recoveryCodes) onCodes(recoveryCodes);
      },
    });
  return (
    <Section title={words.title} text={words.text}>
      <p className={styles.state}>{asked ? words.left(left) : words.none}</p>
      {asked && (
        <Button look="quiet" onClick={() => setAsking(true)}>
          {words.renew}
        </Button>
      )}
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={words.renewTitle}
        text={words.renewText}
        action={words.renew}
        busy={busy}
        onConfirm={make}
      />
    </Section>
  );
}
