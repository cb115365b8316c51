import { useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { Address_viewer$key } from '~/__generated__/Address_viewer.graphql';
import type { AddressAgainMutation } from '~/__generated__/AddressAgainMutation.graphql';
import type { AddressCancelMutation } from '~/__generated__/AddressCancelMutation.graphql';
import { Button } from '~/design/Button';
import { toast } from '~/design/Toast';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { codeText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { entryWords } from '~/session/entryWords';
import { Section } from '~/settings/Section';
import styles from './Address.module.css';
import { ChangeAddress } from './ChangeAddress';

/** One's address: whether it is confirmed, what is to take its place, and how to change it. */
export function Address({ viewer: key, sendsMail }: { viewer: Address_viewer$key; sendsMail: boolean }) {
  const text = useText();
  const words = entryWords.useText().address;
  const format = useFormat();
  const [changing, setChanging] = useState(false);
  const { email } = useFragment(
    graphql`
      fragment Address_viewer on Viewer {
        email {
          address
          isConfirmed
          pendingAddress
        }
      }
    `,
    key,
  );
  const [again, asking] = useAction<AddressAgainMutation>(graphql`
    mutation AddressAgainMutation($input: RequestEmailConfirmationInput!) {
      requestEmailConfirmation(input: $input) {
        viewer {
          ...Address_viewer
        }
        userErrors {
          code
          retryAfter
        }
      }
    }
  `);
  const [cancel, leaving] = useAction<AddressCancelMutation>(graphql`
    mutation AddressCancelMutation($input: CancelEmailChangeInput!) {
      cancelEmailChange(input: $input) {
        viewer {
          ...Address_viewer
        }
        userErrors {
          code
        }
      }
    }
  `);
  const waits = Boolean(email.pendingAddress) || (Boolean(email.address) && !email.isConfirmed);
  const ask = () =>
    again({
      input: {},
      onDone: () => toast(words.sent),
      onRefused: ([refusal]) =>
        toast(
          refusal?.retryAfter ? words.wait(format.ahead(refusal.retryAfter)) : codeText(text, refusal?.code ?? 'OTHER'),
          { urgent: true },
        ),
    });
  return (
    <Section title={words.email} text={words.emailText}>
      {email.address ? (
        <p className={styles.address}>
          <span>{email.address}</span>
          <span className={email.isConfirmed ? styles.confirmed : styles.waiting}>
            {email.isConfirmed ? words.confirmed : words.unconfirmed}
          </span>
        </p>
      ) : (
        <p>{words.none}</p>
      )}
      {email.pendingAddress && <p className={styles.pending}>{words.pending(email.pendingAddress)}</p>}
      {waits && !email.pendingAddress && sendsMail && <p className={styles.note}>{words.unconfirmedText}</p>}
      {sendsMail ? (
        <div className={styles.buttons}>
          {waits && (
            <Button look="quiet" busy={asking} onClick={ask}>
              {words.again}
            </Button>
          )}
          {email.pendingAddress && (
            <Button
              look="quiet"
              busy={leaving}
              onClick={() => cancel({ input: {}, onDone: () => toast(words.canceled) })}
            >
              {words.cancel}
            </Button>
          )}
          <Button look="quiet" onClick={() => setChanging(true)}>
            {words.change}
          </Button>
        </div>
      ) : (
        <p className={styles.note}>{words.noMail}</p>
      )}
      <ChangeAddress open={changing} onOpenChange={setChanging} />
    </Section>
  );
}
