import { useState } from 'react';
import { graphql } from 'react-relay/hooks';
import type { ChangePasswordMutation } from '~/__generated__/ChangePasswordMutation.graphql';
import { Button } from '~/design/Button';
import { Dialog } from '~/design/Dialog';
import { Field } from '~/design/Field';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { codeText, type Refusal } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import styles from './ChangePassword.module.css';
import { Section } from './Section';

const EMPTY = { currentPassword: '', newPassword: '' };

/** Another password, once the current one was said; every other session ends with the old one. */
export function ChangePassword() {
  const text = useText();
  const words = text.signing;
  const [asking, setAsking] = useState(false);
  const [input, setInput] = useState(EMPTY);
  const [refusals, setRefusals] = useState<readonly Refusal[]>([]);
  const [change, busy] = useAction<ChangePasswordMutation>(
    graphql`
      mutation ChangePasswordMutation($input: ChangePasswordInput!) {
        changePassword(input: $input) {
          revokedSessionIds @deleteRecord
          userErrors {
            code
            path
          }
        }
      }
    `,
    { keyless: true },
  );
  const open = (wanted: boolean) => {
    setAsking(wanted);
    setInput(EMPTY);
    setRefusals([]);
  };
  const refusalOf = (field: keyof typeof EMPTY) => {
    const found = refusals.find(({ path }) => (path?.[0] ?? 'currentPassword') === field);
    if (!found) return undefined;
    if (found.code === 'UNAUTHENTICATED') return text.muting.passwordWrong;
    return found.code === 'BAD_USER_INPUT' ? words.passwordWrong : codeText(text, found.code);
  };
  const line = (field: keyof typeof EMPTY, label: string, autoComplete: string, hint?: string) => (
    <Field
      label={label}
      hint={hint}
      type="password"
      autoComplete={autoComplete}
      error={refusalOf(field)}
      value={input[field]}
      onChange={({ target: { value } }) => setInput({ ...input, [field]: value })}
    />
  );
  return (
    <Section title={words.changePassword} text={words.changePasswordText}>
      <Button look="quiet" onClick={() => open(true)}>
        {words.changePassword}
      </Button>
      <Dialog open={asking} onOpenChange={open} title={words.changePassword} description={words.changePasswordText}>
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            change({
              input,
              onDone: () => {
                open(false);
                toast(words.passwordChanged);
              },
              onRefused: setRefusals,
            });
          }}
        >
          {line('currentPassword', words.currentPassword, 'current-password')}
          {line('newPassword', words.newPassword, 'new-password', text.session.passwordHint)}
          <div className={styles.buttons}>
            <Button look="quiet" onClick={() => open(false)}>
              {text.common.cancel}
            </Button>
            <Button type="submit" busy={busy} disabled={!input.currentPassword || input.newPassword.length < 8}>
              {words.changePassword}
            </Button>
          </div>
        </form>
      </Dialog>
    </Section>
  );
}
