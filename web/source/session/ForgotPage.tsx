import { type FormEvent, useRef, useState } from 'react';
import { graphql } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { ForgotPageMutation } from '~/__generated__/ForgotPageMutation.graphql';
import { Button } from '~/design/Button';
import { Field } from '~/design/Field';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { codeText, failureText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { places } from '~/routing/places';
import { Entrance } from './Entrance';
import styles from './Entrance.module.css';
import { entryWords } from './entryWords';
import { useFocusWrong } from './useFocusWrong';
import { clock, usePause } from './usePause';

const ASK = graphql`
  mutation ForgotPageMutation($input: RequestPasswordResetInput!) {
    requestPasswordReset(input: $input) {
      userErrors {
        code
        path
        retryAfter
      }
    }
  }
`;

export const loader = () => entryWords.learn();

/** Asking for a link to a new password. What is answered says nothing about who has an account. */
export function Component() {
  const text = useText();
  const words = entryWords.useText().forgot;
  const format = useFormat();
  const [ask, busy] = useAction<ForgotPageMutation>(ASK, { keyless: true });
  const [sent, setSent] = useState('');
  const [wrong, setWrong] = useState<{ email?: string; all?: string } | null>(null);
  const [left, pause] = usePause();
  const form = useRef<HTMLFormElement>(null);
  useFocusWrong(form, wrong);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const email = String(new FormData(event.currentTarget).get('email')).trim();
    if (!email) return setWrong({ email: text.signing.missing });
    setWrong(null);
    ask({
      input: { email },
      onRefused: ([refusal]) => {
        if (refusal?.path?.[0] === 'email') return setWrong({ email: text.signing.emailWrong });
        if (refusal?.code === 'CONFLICT') return setWrong({ all: words.noMail });
        if (refusal?.retryAfter) {
          pause(refusal.retryAfter);
          return setWrong({ all: text.signing.tooMany(format.ahead(refusal.retryAfter)) });
        }
        setWrong({ all: codeText(text, refusal?.code ?? 'OTHER') });
      },
      onFailed: (error) => setWrong({ all: failureText(text, error) }),
      onDone: () => setSent(email),
    });
  };
  if (sent) {
    return (
      <Entrance title={words.title} heading={words.sentTitle}>
        <p role="status">{words.sent(sent)}</p>
        <Button look="quiet" wide onClick={() => setSent('')}>
          {words.again}
        </Button>
        <p className={styles.other}>
          <Link to={places.logIn}>{words.back}</Link>
        </p>
      </Entrance>
    );
  }
  return (
    <Entrance title={words.title} heading={words.title}>
      <form ref={form} className={styles.form} onSubmit={submit} noValidate>
        <p>{words.text}</p>
        <Field
          label={text.session.email}
          error={wrong?.email}
          name="email"
          type="email"
          autoComplete="email"
          maxLength={254}
          required
          autoFocus
        />
        {wrong?.all && (
          <p className={styles.wrong} role="alert">
            {wrong.all}
          </p>
        )}
        <Button type="submit" busy={busy} disabled={left > 0} wide>
          {left > 0 ? text.signing.again(clock(left)) : words.send}
        </Button>
        <p className={styles.other}>
          <Link to={places.logIn}>{words.back}</Link>
        </p>
      </form>
    </Entrance>
  );
}
