import { type FormEvent, useState } from 'react';
import { graphql } from 'react-relay/hooks';
import { Link, useSearchParams } from 'react-router';
import type { SignUpPageMutation } from '~/__generated__/SignUpPageMutation.graphql';
import { Button } from '~/design/Button';
import { Field } from '~/design/Field';
import { useText } from '~/i18n/language';
import { codeText, type Refusal, refusalOf } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { places, safeNext } from '~/routing/places';
import { Page } from '~/shell/Page';
import styles from './Session.module.css';

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
      }
    }
  }
`;

/** A new account, signed in at once. */
export function Component() {
  const text = useText();
  const [search] = useSearchParams();
  const [signUp, busy] = useAction<SignUpPageMutation>(SIGN_UP, { keyless: true });
  const [refusals, setRefusals] = useState<readonly Refusal[]>([]);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const said = (name: string) => String(form.get(name) ?? '').trim();
    setRefusals([]);
    signUp({
      input: {
        handle: said('handle'),
        email: said('email'),
        password: String(form.get('password')),
        displayName: said('displayName') || null,
      },
      onRefused: setRefusals,
      onDone: () => location.assign(safeNext(search.get('next'))),
    });
  };
  const errorOf = (field: string) => {
    const refusal = refusalOf(refusals, field);
    return refusal && codeText(text, refusal.code);
  };
  const general = refusals.find(({ path }) => !path?.length);
  return (
    <Page title={text.places.signUp}>
      <form className={styles.form} onSubmit={submit}>
        <h2>{text.session.signUpTitle}</h2>
        <Field
          label={text.session.handle}
          hint={text.session.handleHint}
          error={errorOf('handle')}
          name="handle"
          autoComplete="username"
          autoCapitalize="none"
          pattern="[A-Za-z0-9_]{1,30}"
          maxLength={30}
          required
          autoFocus
        />
        <Field
          label={text.session.displayName}
          error={errorOf('displayName')}
          name="displayName"
          autoComplete="name"
          maxLength={50}
        />
        <Field
          label={text.session.email}
          error={errorOf('email')}
          name="email"
          type="email"
          autoComplete="email"
          required
        />
        <Field
          label={text.session.password}
          hint={text.session.passwordHint}
          error={errorOf('password')}
          name="password"
          type="password"
          autoComplete="new-password"
          minLength={8}
          required
        />
        {general && (
          <p className={styles.wrong} role="alert">
            {codeText(text, general.code)}
          </p>
        )}
        <Button type="submit" busy={busy} wide>
          {text.session.signUp}
        </Button>
        <p className={styles.other}>
          {text.session.haveAccount} <Link to={`${places.logIn}?${search}`}>{text.places.logIn}</Link>
        </p>
      </form>
    </Page>
  );
}
