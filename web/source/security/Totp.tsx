import { useState } from 'react';
import { graphql } from 'react-relay/hooks';
import type { TotpBeginMutation } from '~/__generated__/TotpBeginMutation.graphql';
import type { TotpRemoveMutation } from '~/__generated__/TotpRemoveMutation.graphql';
import { Button } from '~/design/Button';
import Confirm from '~/design/Confirm';
import { toast } from '~/design/Toast';
import { useFormat } from '~/i18n/format';
import { useAction } from '~/relay/useAction';
import { Section } from '~/settings/Section';
import styles from './Security.module.css';
import { type Begun, TotpDialog } from './TotpDialog';
import { securityWords } from './words';

type Props = { since: string | null | undefined; onChange: (codes?: readonly string[] | null) => void };

/** The authenticator app: set up, replaced, turned off. */
export function Totp({ since, onChange }: Props) {
  const words = securityWords.useText().app;
  const format = useFormat();
  const [begun, setBegun] = useState<Begun | null>(null);
  const [asking, setAsking] = useState(false);
  const [begin, beginning] = useAction<TotpBeginMutation>(graphql`
    mutation TotpBeginMutation($input: BeginTotpInput!) {
      beginTotp(input: $input) {
        secret
        qrCode
        userErrors {
          code
        }
      }
    }
  `);
  const [remove, removing] = useAction<TotpRemoveMutation>(graphql`
    mutation TotpRemoveMutation($input: RemoveTotpInput!) {
      removeTotp(input: $input) {
        revokedSessionIds
        userErrors {
          code
        }
      }
    }
  `);
  const setUp = () =>
    begin({
      input: {},
      onDone: ({ beginTotp: { secret, qrCode } }) => {
        if (secret && qrCode) setBegun({ secret, picture: qrCode });
      },
    });
  const turnOff = () =>
    remove({
      input: {},
      onDone: () => {
        setAsking(false);
        toast(words.removed);
        onChange();
      },
    });
  return (
    <Section title={words.title} text={words.text}>
      <p className={styles.state}>{since ? words.on(format.day(since)) : words.off}</p>
      <div className={styles.buttons}>
        <Button look="quiet" busy={beginning} onClick={setUp}>
          {since ? words.replace : words.setUp}
        </Button>
        {since && (
          <Button look="danger" onClick={() => setAsking(true)}>
            {words.remove}
          </Button>
        )}
      </div>
      <TotpDialog
        begun={begun}
        onClose={() => setBegun(null)}
        onDone={(codes) => {
          setBegun(null);
          toast(words.done);
          onChange(codes);
        }}
      />
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={words.removeTitle}
        text={words.removeText}
        action={words.remove}
        busy={removing}
        onConfirm={turnOff}
      />
    </Section>
  );
}
