import { useState } from 'react';
import { graphql } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { VerifyEmailPageMutation } from '~/__generated__/VerifyEmailPageMutation.graphql';
import { Button, buttonClass } from '~/design/Button';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { codeText, failureText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { places } from '~/routing/places';
import { Entrance } from './Entrance';
import styles from './Entrance.module.css';
import { entryWords } from './entryWords';
import { useSecret } from './useSecret';
import { useViewer } from './viewer';

const CONFIRM = graphql`
  mutation VerifyEmailPageMutation($input: ConfirmEmailInput!) {
    confirmEmail(input: $input) {
      email
      userErrors {
        code
        path
        retryAfter
      }
    }
  }
`;

export const loader = () => entryWords.learn();

/** Confirming an address by the link of a letter. It takes a click: whoever looks through mail follows every link. */
export function Component() {
  const text = useText();
  const words = entryWords.useText().verify;
  const format = useFormat();
  const viewer = useViewer();
  const token = useSecret();
  const [confirm, busy] = useAction<VerifyEmailPageMutation>(CONFIRM, { keyless: true });
  const [email, setEmail] = useState('');
  const [wrong, setWrong] = useState(token ? '' : words.wrong);
  if (email) {
    return (
      <Entrance title={words.title} heading={words.doneTitle}>
        <p role="status">{words.done(email)}</p>
        <Link to={viewer ? places.account : places.home} className={buttonClass({ wide: true })}>
          {viewer ? words.settings : words.onward}
        </Link>
      </Entrance>
    );
  }
  return (
    <Entrance title={words.title} heading={words.title}>
      {wrong ? (
        <>
          <p className={styles.wrong} role="alert">
            {wrong}
          </p>
          <Link to={viewer ? places.account : places.home} className={buttonClass({ wide: true, look: 'quiet' })}>
            {viewer ? words.settings : words.onward}
          </Link>
        </>
      ) : (
        <>
          <p>{words.text}</p>
          <Button
            busy={busy}
            wide
            onClick={() =>
              confirm({
                input: { token },
                onRefused: ([refusal]) => {
                  if (refusal?.code === 'CONFLICT') return setWrong(words.taken);
                  if (refusal?.path?.[0] === 'token') return setWrong(words.wrong);
                  if (refusal?.retryAfter) return setWrong(text.signing.tooMany(format.ahead(refusal.retryAfter)));
                  setWrong(codeText(text, refusal?.code ?? 'OTHER'));
                },
                onFailed: (error) => setWrong(failureText(text, error)),
                onDone: ({ confirmEmail }) => setEmail(confirmEmail.email ?? ''),
              })
            }
          >
            {words.confirm}
          </Button>
        </>
      )}
    </Entrance>
  );
}
