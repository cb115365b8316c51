import { useState } from 'react';
import { graphql } from 'react-relay/hooks';
import type { DeactivateMutation } from '~/__generated__/DeactivateMutation.graphql';
import { Button } from '~/design/Button';
import { Dialog } from '~/design/Dialog';
import { Field } from '~/design/Field';
import { useText } from '~/i18n/language';
import { codeText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { places } from '~/routing/places';
import { Section } from '~/settings/Section';
import { forgetAll } from '~/state/kept';
import styles from './Muting.module.css';

/** Closes the account for a while, once the password was said again. */
export function Deactivate() {
  const text = useText();
  const words = text.muting;
  const [asking, setAsking] = useState(false);
  const [password, setPassword] = useState('');
  const [refused, setRefused] = useState<string>();
  const [close, busy] = useAction<DeactivateMutation>(
    graphql`
      mutation DeactivateMutation($input: DeactivateAccountInput!) {
        deactivateAccount(input: $input) {
          reactivatableUntil
          userErrors {
            code
          }
        }
      }
    `,
    { keyless: true },
  );
  const leave = () => {
    for (const drafts of ['draft.', 'profile.']) forgetAll(drafts);
    location.assign(places.home);
  };
  return (
    <Section title={words.deactivate} text={words.deactivateText}>
      <Button look="danger" onClick={() => setAsking(true)}>
        {words.deactivate}
      </Button>
      <Dialog open={asking} onOpenChange={setAsking} title={words.deactivateTitle} description={words.deactivateText}>
        <form
          className={styles.dialog}
          onSubmit={(event) => {
            event.preventDefault();
            close({
              input: { password },
              onDone: leave,
              onRefused: ([first]) =>
                setRefused(
                  first?.code === 'UNAUTHENTICATED' ? words.passwordWrong : codeText(text, first?.code ?? 'OTHER'),
                ),
            });
          }}
        >
          <Field
            label={words.password}
            type="password"
            autoComplete="current-password"
            error={refused}
            value={password}
            onChange={({ target: { value } }) => setPassword(value)}
          />
          <div className={styles.buttons}>
            <Button look="quiet" onClick={() => setAsking(false)}>
              {text.common.cancel}
            </Button>
            <Button look="danger" type="submit" busy={busy} disabled={!password}>
              {words.deactivate}
            </Button>
          </div>
        </form>
      </Dialog>
    </Section>
  );
}
