import { type FormEvent, useRef, useState } from 'react';
import { graphql, type PreloadedQuery } from 'react-relay/hooks';
import { Link, Navigate, useLoaderData, useSearchParams } from 'react-router';
import type { SignUpPageMutation } from '~/__generated__/SignUpPageMutation.graphql';
import type { SignUpPageQuery } from '~/__generated__/SignUpPageQuery.graphql';
import { Button, buttonClass } from '~/design/Button';
import { Field } from '~/design/Field';
import { useFormat } from '~/i18n/format';
import { useLanguage, useText } from '~/i18n/language';
import { codeText, failureText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { preload, usePage } from '~/relay/usePage';
import { places, safeNext } from '~/routing/places';
import { Entrance } from './Entrance';
import styles from './Entrance.module.css';
import { entryWords } from './entryWords';
import { PasswordField } from './PasswordField';
import { useFocusWrong } from './useFocusWrong';
import { clock, usePause } from './usePause';
import { useSecret } from './useSecret';
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

const QUERY = graphql`
  query SignUpPageQuery {
    site {
      signUpMode
    }
  }
`;

export const loader = async () => {
  const found = preload<SignUpPageQuery>(QUERY, {});
  await entryWords.learn();
  return found;
};

/** A new account, signed in at once; by an invitation where its link led here, or where it takes one. */
export function Component() {
  const text = useText();
  const format = useFormat();
  const viewer = useViewer();
  const words = entryWords.useText().signUp;
  const language = useLanguage();
  const { site } = usePage<SignUpPageQuery>(QUERY, useLoaderData<PreloadedQuery<SignUpPageQuery>>());
  const code = useSecret();
  const [search] = useSearchParams();
  const [signUp, busy] = useAction<SignUpPageMutation>(SIGN_UP, { keyless: true });
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const [refused, setRefused] = useState('');
  const [left, pause] = usePause();
  const form = useRef<HTMLFormElement>(null);
  useFocusWrong(form, wrong);
  const next = safeNext(search.get('next'));
  if (viewer) return <Navigate to={next} replace />;
  if (site.signUpMode === 'CLOSED') {
    return (
      <Entrance title={text.places.signUp} heading={words.closedTitle}>
        <p>{words.closedText}</p>
        <Link to={places.explore} className={buttonClass({ wide: true })}>
          {text.places.explore}
        </Link>
        <p className={styles.other}>
          {text.session.haveAccount} <Link to={`${places.logIn}?${search}`}>{text.session.logIn}</Link>
        </p>
      </Entrance>
    );
  }
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
    const invitation = said('invitation');
    const needed = site.signUpMode === 'INVITE' && !invitation ? { invitation: words.needed } : null;
    const before = wrongOf(text, wish);
    setWrong(before || needed ? { ...before, ...needed } : null);
    setRefused('');
    if (before || needed) return;
    signUp({
      input: {
        ...wish,
        displayName: wish.displayName || null,
        language: language.toUpperCase(),
        ...(invitation ? { invitation } : {}),
      },
      onRefused: (refusals) => {
        if (refusals[0]?.path?.[0] === 'invitation') return setWrong({ invitation: words.invalid });
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
        {(code || site.signUpMode === 'INVITE') && (
          <Field
            label={words.invitation}
            hint={words.invitationHint}
            error={wrong?.invitation}
            name="invitation"
            defaultValue={code}
            autoComplete="off"
            autoCapitalize="none"
            autoCorrect="off"
            spellCheck={false}
            maxLength={48}
          />
        )}
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
