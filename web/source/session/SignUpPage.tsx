import { type FormEvent, useRef, useState } from 'react';
import { graphql } from 'react-relay/hooks';
import { Link, Navigate, useSearchParams } from 'react-router';
import type { SignUpPageMutation } from '~/__generated__/SignUpPageMutation.graphql';
import { Button } from '~/design/Button';
import { Field } from '~/design/Field';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { codeText, failureText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { places, safeNext } from '~/routing/places';
import { Entrance } from './Entrance';
import styles from './Entrance.module.css';
import { PasswordField } from './PasswordField';
import { useFocusWrong } from './useFocusWrong';
import { clock, usePause } from './usePause';
import { useViewer } from './viewer';
import { refusedOf, type Wrong, wrongOf } from './wrong';

const SIGN_UP = graphql`
  mutation SignUpPageMutation($input: SignUpInput!) {
    signUp(input: $input) {
      viewer {
        user {
          id
        }
      }
      userErrors {
        code
        path
        retryAfter
      }
    }
  }
`;

/** A new account, signed in at once. */
export function Component() {
  const text = useText();
  const format = useFormat();
  const viewer = useViewer();
  const [search] = useSearchParams();
  const [signUp, busy] = useAction<SignUpPageMutation>(SIGN_UP, { keyless: true });
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const [refused, setRefused] = useState('');
  const [left, pause] = usePause();
  const form = useRef<HTMLFormElement>(null);
  useFocusWrong(form, wrong);
  const next = safeNext(search.get('next'));
  if (viewer) return <Navigate to={next} replace />;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const said = (name: string) => String(given.get(name) ?? '').trim();
    const wish = {
      handle: said('handle'),
      displayName: said('displayName'),
      email: said('email'),
      password: String(given.get('password')),
    };
    const before = wrongOf(text, wish);
    setWrong(before);
    setRefused('');
    if (before) return;
    signUp({
      input: { ...wish, displayName: wish.displayName || null },
      onRefused: (refusals) => {
        const beside = refusedOf(text, refusals);
        if (beside) return setWrong(beside);
        const [refusal] = refusals;
        if (refusal?.retryAfter) {
          pause(refusal.retryAfter);
          return setRefused(text.signing.tooMany(format.ahead(refusal.retryAfter)));
        }
        setRefused(refusal?.code === 'FORBIDDEN' ? text.signing.closed : codeText(text, refusal?.code ?? 'OTHER'));
      },
      onFailed: (error) => setRefused(failureText(text, error)),
      onDone: () => location.assign(next),
    });
  };
  return (
    <Entrance title={text.places.signUp} heading={text.session.signUpTitle}>
      <form ref={form} className={styles.form} onSubmit={submit} noValidate>
        <Field
          label={text.session.handle}
          hint={text.session.handleHint}
          error={wrong?.handle}
          start="@"
          name="handle"
          autoComplete="username"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          maxLength={31}
          required
          autoFocus
        />
        <Field
          label={text.session.displayName}
          error={wrong?.displayName}
          name="displayName"
          autoComplete="name"
          maxLength={80}
        />
        <Field
          label={text.session.email}
          error={wrong?.email}
          name="email"
          type="email"
          autoComplete="email"
          maxLength={254}
          required
        />
        <PasswordField
          label={text.session.password}
          hint={text.session.passwordHint}
          error={wrong?.password}
          name="password"
          autoComplete="new-password"
          required
        />
        {refused && (
          <p className={styles.wrong} role="alert">
            {refused}
          </p>
        )}
        <Button type="submit" busy={busy} disabled={left > 0} wide>
          {left > 0 ? text.signing.again(clock(left)) : text.session.signUp}
        </Button>
        <p className={styles.other}>
          {text.session.haveAccount} <Link to={`${places.logIn}?${search}`}>{text.session.logIn}</Link>
        </p>
      </form>
    </Entrance>
  );
}
