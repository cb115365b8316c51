import { useState } from 'react';
import { graphql } from 'react-relay/hooks';
import type { CompleteLogInMutation } from '~/__generated__/CompleteLogInMutation.graphql';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { codeText, failureText, type Refusal } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { type Proof, SecondStep } from '~/security/SecondStep';
import { usePasskeyOptions } from '~/security/usePasskeyOptions';
import { securityWords } from '~/security/words';
import styles from './Entrance.module.css';

export type Pending = { readonly token: string; readonly factors: readonly string[] };

type Props = {
  pending: Pending;
  onDone: () => void;
  /** It is over: begin again, for this reason. */
  onOver: (text: string) => void;
};

/** The second step of a login. The token lives in the page's memory only. */
export default function CompleteLogIn({ pending, onDone, onOver }: Props) {
  const text = useText();
  const format = useFormat();
  const words = securityWords.useText().step;
  const options = usePasskeyOptions();
  const [wrong, setWrong] = useState<string>();
  const [complete, busy] = useAction<CompleteLogInMutation>(
    graphql`
      mutation CompleteLogInMutation($input: CompleteLogInInput!) {
        completeLogIn(input: $input) {
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
    `,
    { keyless: true },
  );
  const refused = (refusal: Refusal | undefined, proof: Proof) => {
    if (refusal?.path?.[0] === 'loginToken') return onOver(words.over);
    if (refusal?.code === 'UNAUTHENTICATED') return setWrong('passkey' in proof ? words.passkeyWrong : words.wrong);
    if (refusal?.retryAfter) return setWrong(text.signing.tooMany(format.ahead(refusal.retryAfter)));
    setWrong(codeText(text, refusal?.code ?? 'OTHER'));
  };
  const show = (proof: Proof) => {
    setWrong(undefined);
    complete({
      input: { loginToken: pending.token, proof },
      onDone,
      onRefused: ([refusal]) => refused(refusal, proof),
      onFailed: (error) => setWrong(failureText(text, error)),
    });
  };
  return (
    <>
      <p className={styles.other}>{words.text}</p>
      <SecondStep
        factors={pending.factors}
        busy={busy}
        wrong={wrong}
        options={() => options({ purpose: 'COMPLETE_LOG_IN', loginToken: pending.token })}
        onProof={show}
      />
    </>
  );
}
