import { KeyRound } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { graphql } from 'react-relay/hooks';
import type { PasskeyLogInMutation } from '~/__generated__/PasskeyLogInMutation.graphql';
import { Button } from '~/design/Button';
import { useText } from '~/i18n/language';
import { codeText, failureText, Refused, Unreachable } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { get, offersThem } from '~/security/passkeys';
import { usePasskeyOptions } from '~/security/usePasskeyOptions';
import styles from './Entrance.module.css';

const FRESH_MILLISECONDS = 240_000; // a challenge is good for five minutes

/**
 * Logging in by a passkey alone: by the button, or, where the browser can, by choosing one beside the name. For browsers that know
 * passkeys only.
 */
export function PasskeyLogIn({ onDone, onWrong }: { onDone: () => void; onWrong: (text: string | null) => void }) {
  const text = useText();
  const options = usePasskeyOptions();
  const offering = useRef<AbortController>(null);
  const [asking, setAsking] = useState(false);
  const [logIn, busy] = useAction<PasskeyLogInMutation>(
    graphql`
      mutation PasskeyLogInMutation($input: LogInWithPasskeyInput!) {
        logInWithPasskey(input: $input) {
          viewer {
            user {
              id
            }
          }
          userErrors {
            code
            retryAfter
          }
        }
      }
    `,
    { keyless: true },
  );
  const show = (passkey: string) =>
    logIn({
      input: { passkey },
      onDone,
      onRefused: ([refusal]) =>
        onWrong(
          refusal?.code === 'UNAUTHENTICATED' ? text.signing.passkeyWrong : codeText(text, refusal?.code ?? 'OTHER'),
        ),
      onFailed: (error) => onWrong(failureText(text, error)),
    });
  const shown = useRef(show);
  shown.current = show;
  useEffect(() => {
    let round: ReturnType<typeof setInterval> | undefined;
    const offer = async () => {
      offering.current?.abort();
      const now = new AbortController();
      offering.current = now;
      try {
        shown.current(await get(await options({ purpose: 'LOG_IN' }), { conditional: true, signal: now.signal }));
      } catch {
        // Nobody chose one, or nothing is to be had: the button and the password are there.
      }
    };
    let here = true;
    void offersThem().then((can) => {
      if (!can || !here) return;
      void offer();
      round = setInterval(() => void offer(), FRESH_MILLISECONDS);
    });
    return () => {
      here = false;
      clearInterval(round);
      offering.current?.abort();
    };
  }, [options]);
  const ask = async () => {
    onWrong(null);
    setAsking(true);
    offering.current?.abort(); // a browser asks for one at a time
    try {
      show(await get(await options({ purpose: 'LOG_IN' })));
    } catch (error) {
      const known = error instanceof Refused || error instanceof Unreachable;
      onWrong(known ? failureText(text, error) : text.signing.passkeyCancelled);
    } finally {
      setAsking(false);
    }
  };
  return (
    <>
      <p className={styles.or}>{text.signing.or}</p>
      <Button look="quiet" wide busy={asking || busy} onClick={() => void ask()}>
        <KeyRound aria-hidden="true" />
        {text.signing.passkey}
      </Button>
    </>
  );
}
