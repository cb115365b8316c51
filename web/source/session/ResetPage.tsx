import { type FormEvent, useRef, useState } from 'react';
import { graphql } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { ResetPageMutation } from '~/__generated__/ResetPageMutation.graphql';
import { Button, buttonClass } from '~/design/Button';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { codeText, failureText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { places } from '~/routing/places';
import { Entrance } from './Entrance';
import styles from './Entrance.module.css';
import { entryWords } from './entryWords';
import { PasswordField } from './PasswordField';
import { useFocusWrong } from './useFocusWrong';
import { useSecret } from './useSecret';

const SHORTEST_PASSWORD = 8;
const RESET = graphql`
  mutation ResetPageMutation($input: ResetPasswordInput!) {
    resetPassword(input: $input) {
      handle
      userErrors {
        code
        path
        retryAfter
      }
    }
  }
`;

export const loader = () => entryWords.learn();

/** A new password by the link of a letter; its secret stands behind the #, and leaves the address at once. */
export function Component() {
  const text = useText();
  const words = entryWords.useText().reset;
  const format = useFormat();
  const token = useSecret();
  const [reset, busy] = useAction<ResetPageMutation>(RESET, { keyless: true });
  const [handle, setHandle] = useState('');
  const [lost, setLost] = useState(!token);
  const [wrong, setWrong] = useState<{ newPassword?: string; all?: string } | null>(null);
  const form = useRef<HTMLFormElement>(null);
  useFocusWrong(form, wrong);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const newPassword = String(new FormData(event.currentTarget).get('newPassword'));
    if ([...newPassword].length < SHORTEST_PASSWORD) return setWrong({ newPassword: text.signing.passwordShort });
    setWrong(null);
    reset({
      input: { token, newPassword },
      onRefused: ([refusal]) => {
        if (refusal?.path?.[0] === 'token') return setLost(true);
        if (refusal?.path?.[0] === 'newPassword') return setWrong({ newPassword: text.signing.passwordWrong });
        if (refusal?.retryAfter) return setWrong({ all: text.signing.tooMany(format.ahead(refusal.retryAfter)) });
        setWrong({ all: codeText(text, refusal?.code ?? 'OTHER') });
      },
      onFailed: (error) => setWrong({ all: failureText(text, error) }),
      onDone: ({ resetPassword }) => setHandle(resetPassword.handle ?? ''),
    });
  };
  if (handle) {
    return (
      <Entrance title={words.title} heading={words.doneTitle}>
        <p role="status">{words.done(handle)}</p>
        <a href={places.logIn} className={buttonClass({ wide: true })}>
          {text.session.logIn}
        </a>
      </Entrance>
    );
  }
  if (lost) {
    return (
      <Entrance title={words.title} heading={words.title}>
        <p className={styles.wrong} role="alert">
          {words.wrong}
        </p>
        <Link to={places.forgot} className={buttonClass({ wide: true })}>
          {words.anew}
        </Link>
      </Entrance>
    );
  }
  return (
    <Entrance title={words.title} heading={words.title}>
      <form ref={form} className={styles.form} onSubmit={submit} noValidate>
        <p>{words.text}</p>
        <PasswordField
          label={text.signing.newPassword}
          hint={text.session.passwordHint}
          error={wrong?.newPassword}
          name="newPassword"
          autoComplete="new-password"
          required
          autoFocus
        />
        {wrong?.all && (
          <p className={styles.wrong} role="alert">
            {wrong.all}
          </p>
        )}
        <Button type="submit" busy={busy} wide>
          {words.save}
        </Button>
      </form>
    </Entrance>
  );
}
