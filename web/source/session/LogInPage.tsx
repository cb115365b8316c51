import { type FormEvent, useState } from 'react';
import { graphql } from 'react-relay/hooks';
import { Link, useSearchParams } from 'react-router';
import type { LogInPageMutation } from '~/__generated__/LogInPageMutation.graphql';
import { Button } from '~/design/Button';
import { Field } from '~/design/Field';
import { useText } from '~/i18n/language';
import { codeText, type Refusal } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { places, safeNext } from '~/routing/places';
import { Page } from '~/shell/Page';
import styles from './Session.module.css';

const LOG_IN = graphql`
  mutation LogInPageMutation($input: LogInInput!) {
    logIn(input: $input) {
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

/** Logging in, and back to where one was. */
export function Component() {
  const text = useText();
  const [search] = useSearchParams();
  const [logIn, busy] = useAction<LogInPageMutation>(LOG_IN, { keyless: true });
  const [refusals, setRefusals] = useState<readonly Refusal[]>([]);
  const why = search.get('why');
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setRefusals([]);
    logIn({
      input: { login: String(form.get('login')), password: String(form.get('password')) },
      onRefused: setRefusals,
      onDone: () => location.assign(safeNext(search.get('next'))),
    });
  };
  const refusal = refusals[0];
  return (
    <Page title={text.places.logIn}>
      <form className={styles.form} onSubmit={submit}>
        <h2>{text.session.logInTitle}</h2>
        {why && <p className={styles.why}>{why === 'ended' ? text.session.expired : text.session.needed}</p>}
        <Field
          label={text.session.login}
          name="login"
          autoComplete="username"
          autoCapitalize="none"
          required
          autoFocus
        />
        <Field label={text.session.password} name="password" type="password" autoComplete="current-password" required />
        {refusal && (
          <p className={styles.wrong} role="alert">
            {refusal.code === 'UNAUTHENTICATED' ? text.session.wrong : codeText(text, refusal.code)}
          </p>
        )}
        <Button type="submit" busy={busy} wide>
          {text.session.logIn}
        </Button>
        <p className={styles.other}>
          {text.session.newHere} <Link to={`${places.signUp}?${search}`}>{text.places.signUp}</Link>
        </p>
      </form>
    </Page>
  );
}
