import { useState } from 'react';
import { graphql } from 'react-relay/hooks';
import type { ChangeAddressMutation } from '~/__generated__/ChangeAddressMutation.graphql';
import { Button } from '~/design/Button';
import { Dialog } from '~/design/Dialog';
import { Field } from '~/design/Field';
import { toast } from '~/design/Toast';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { codeText, type Refusal } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { entryWords } from '~/session/entryWords';
import { PasswordField } from '~/session/PasswordField';
import styles from './Address.module.css';

const EMPTY = { email: '', password: '' };

/** Another address, once the password was said. */
export function ChangeAddress({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const text = useText();
  const words = entryWords.useText().address;
  const format = useFormat();
  const [input, setInput] = useState(EMPTY);
  const [refusal, setRefusal] = useState<Refusal>();
  const [change, busy] = useAction<ChangeAddressMutation>(
    graphql`
      mutation ChangeAddressMutation($input: ChangeEmailInput!) {
        changeEmail(input: $input) {
          viewer {
            ...Address_viewer
          }
          userErrors {
            code
            path
            retryAfter
          }
        }
      }
    `,
    { keyless: true },
  );
  const turn = (wanted: boolean) => {
    onOpenChange(wanted);
    setInput(EMPTY);
    setRefusal(undefined);
  };
  const whyOf = ({ code, path, retryAfter }: Refusal) => {
    if (code === 'UNAUTHENTICATED') return text.muting.passwordWrong;
    if (code === 'BAD_USER_INPUT') return input.email.includes('@') ? words.same : text.signing.emailWrong;
    if (retryAfter) return path?.length ? words.tooMany : words.wait(format.ahead(retryAfter));
    return codeText(text, code);
  };
  const field = refusal?.path?.[0] ?? (refusal?.code === 'UNAUTHENTICATED' ? 'password' : 'email');
  return (
    <Dialog open={open} onOpenChange={turn} title={words.change} description={words.changeText}>
      <form
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setRefusal(undefined);
          change({
            input,
            onDone: () => {
              turn(false);
              toast(words.sent);
            },
            onRefused: ([first]) => setRefusal(first),
          });
        }}
      >
        <Field
          label={words.newEmail}
          type="email"
          autoComplete="email"
          maxLength={254}
          error={refusal && field === 'email' ? whyOf(refusal) : undefined}
          value={input.email}
          onChange={({ target: { value } }) => setInput({ ...input, email: value })}
        />
        <PasswordField
          label={text.session.password}
          autoComplete="current-password"
          error={refusal && field === 'password' ? whyOf(refusal) : undefined}
          value={input.password}
          onChange={({ target: { value } }) => setInput({ ...input, password: value })}
        />
        <div className={styles.buttons}>
          <Button look="quiet" onClick={() => turn(false)}>
            {text.common.cancel}
          </Button>
          <Button type="submit" busy={busy} disabled={!input.email.trim() || !input.password}>
            {words.change}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
