import { type FormEvent, Suspense, useRef, useState } from 'react';
import { graphql } from 'react-relay/hooks';
import { Link, Navigate, useSearchParams } from 'react-router';
import type { LogInPageMutation } from '~/__generated__/LogInPageMutation.graphql';
import { ExternalLogin } from '~/apps/ExternalLogin';
import { Button } from '~/design/Button';
import { Field } from '~/design/Field';
import { Spinner } from '~/design/Spinner';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { codeText, failureText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { later } from '~/routing/later';
import { places, safeNext } from '~/routing/places';
import { supported } from '~/security/passkeys';
import type { Pending } from './CompleteLogIn';
import { Entrance } from './Entrance';
import styles from './Entrance.module.css';
import { PasskeyLogIn } from './PasskeyLogIn';
import { PasswordField } from './PasswordField';
import { useFocusWrong } from './useFocusWrong';
import { clock, usePause } from './usePause';
import { useSecret } from './useSecret';
import { useViewer } from './viewer';
import { waitingIn } from './waiting';

const CompleteLogIn = later(() => import('./CompleteLogIn'));

const LOG_IN = graphql`
  mutation LogInPageMutation($input: LogInInput!) {
    logIn(input: $input) {
      viewer {
        user {
          id
        }
      }
      pendingLogin {
        token
        factors
      }
      userErrors {
        code
        path
        retryAfter
      }
    }
  }
`;

type Wrong = { login?: string; password?: string; all?: string };

/** Logging in, and back to where one was. */
export function Component() {
  const text = useText();
  const format = useFormat();
  const viewer = useViewer();
  const [search] = useSearchParams();
  const [logIn, busy] = useAction<LogInPageMutation>(LOG_IN, { keyless: true });
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const [left, pause] = usePause();
  const form = useRef<HTMLFormElement>(null);
  useFocusWrong(form, wrong);
  const secret = useSecret();
  const [pending, setPending] = useState<Pending | null>(() => waitingIn(secret));
  const next = safeNext(search.get('next'));
  if (viewer) return <Navigate to={next} replace />;
  const enter = () => location.assign(next);
  if (pending) {
    const over = (all: string) => {
      setPending(null);
      setWrong({ all });
    };
    return (
      <Entrance title={text.places.logIn} heading={text.session.logInTitle}>
        <Suspense fallback={<Spinner />}>
          <CompleteLogIn pending={pending} onDone={enter} onOver={over} />
        </Suspense>
      </Entrance>
    );
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const login = String(given.get('login')).trim();
    const password = String(given.get('password'));
    if (!login || !password) {
      const { missing } = text.signing;
      return setWrong({ ...(login ? {} : { login: missing }), ...(password ? {} : { password: missing }) });
    }
    setWrong(null);
    logIn({
      input: { login, password },
      onRefused: ([refusal]) => {
        if (refusal?.code === 'UNAUTHENTICATED') return setWrong({ password: text.session.wrong });
        if (refusal?.retryAfter) {
          pause(refusal.retryAfter);
          return setWrong({ all: text.signing.tooMany(format.ahead(refusal.retryAfter)) });
        }
        setWrong({ all: codeText(text, refusal?.code ?? 'OTHER') });
      },
      onFailed: (error) => setWrong({ all: failureText(text, error) }),
      onDone: ({ logIn: { pendingLogin } }) => (pendingLogin ? setPending(pendingLogin) : enter()),
    });
  };
  const why = search.get('why');
  return (
    <Entrance title={text.places.logIn} heading={text.session.logInTitle}>
      <form ref={form} className={styles.form} onSubmit={submit} noValidate>
        {why && !why.startsWith('external_') && (
          <p className={styles.why} role="status">
            {why === 'ended' ? text.session.expired : text.session.needed}
          </p>
        )}
        <Field
          label={text.session.login}
          error={wrong?.login}
          name="login"
          autoComplete="username webauthn"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          required
          autoFocus
        />
        <PasswordField
          label={text.session.password}
          error={wrong?.password}
          name="password"
          autoComplete="current-password"
          required
        />
        {wrong?.all && (
          <p className={styles.wrong} role="alert">
            {wrong.all}
          </p>
        )}
        <Button type="submit" busy={busy} disabled={left > 0} wide>
          {left > 0 ? text.signing.again(clock(left)) : text.session.logIn}
        </Button>
        {supported() && <PasskeyLogIn onDone={enter} onWrong={(all) => setWrong(all === null ? null : { all })} />}
        <p className={styles.other}>
          <Link to={places.forgot}>{text.session.forgot}</Link>
        </p>
        <ExternalLogin next={next} why={why} />
        <p className={styles.other}>
          {text.session.newHere} <Link to={`${places.signUp}?${search}`}>{text.session.signUp}</Link>
        </p>
      </form>
    </Entrance>
  );
}
