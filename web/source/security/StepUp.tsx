import { type FormEvent, Suspense, useEffect, useState, useSyncExternalStore } from 'react';
import { fetchQuery, graphql, useRelayEnvironment } from 'react-relay/hooks';
import type { StepUpMutation } from '~/__generated__/StepUpMutation.graphql';
import type { StepUpQuery } from '~/__generated__/StepUpQuery.graphql';
import { Button } from '~/design/Button';
import { Dialog } from '~/design/Dialog';
import { Spinner } from '~/design/Spinner';
import { useText } from '~/i18n/language';
import { codeText, failureText, type Refusal } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { PasswordField } from '~/session/PasswordField';
import { type Proof, SecondStep } from './SecondStep';
import styles from './Security.module.css';
import { stepUp } from './stepUpStore';
import { usePasskeyOptions } from './usePasskeyOptions';
import { securityWords } from './words';

const QUERY = graphql`
  query StepUpQuery {
    viewer {
      security {
        asksSecondFactor
        totpEnabledAt
        recoveryCodesLeft
        passkeys {
          id
        }
      }
    }
  }
`;

/** Asks whoever is here to prove once more who they are, before a change that would lock them out. */
export default function StepUp() {
  const settle = useSyncExternalStore(stepUp.subscribe, stepUp.get);
  return <Suspense fallback={null}>{settle && <Asking settle={settle} />}</Suspense>;
}

function Asking({ settle }: { settle: (proven: boolean) => void }) {
  const text = useText();
  const words = securityWords.useText().step;
  const environment = useRelayEnvironment();
  const options = usePasskeyOptions();
  const [factors, setFactors] = useState<readonly string[]>();
  const [password, setPassword] = useState('');
  const [wrong, setWrong] = useState<string>();
  const [prove, busy] = useAction<StepUpMutation>(
    graphql`
      mutation StepUpMutation($input: ReauthenticateInput!) {
        reauthenticate(input: $input) {
          reauthenticatedUntil
          userErrors {
            code
            path
          }
        }
      }
    `,
    { keyless: true },
  );
  useEffect(() => {
    const asking = fetchQuery<StepUpQuery>(environment, QUERY, {}, { fetchPolicy: 'network-only' }).subscribe({
      next: ({ viewer }) => {
        const found = viewer?.security;
        if (!found?.asksSecondFactor) return setFactors([]);
        setFactors([
          ...(found.passkeys.length ? ['PASSKEY'] : []),
          ...(found.totpEnabledAt ? ['TOTP'] : []),
          ...(found.recoveryCodesLeft ? ['RECOVERY_CODE'] : []),
        ]);
      },
      error: (error: unknown) => {
        setFactors([]);
        setWrong(failureText(text, error));
      },
    });
    return () => asking.unsubscribe();
  }, [environment, text]);
  const refusalText = (refusal: Refusal | undefined, proof: Record<string, string>) => {
    if (refusal?.code !== 'UNAUTHENTICATED') return codeText(text, refusal?.code ?? 'OTHER');
    if ('password' in proof) return text.muting.passwordWrong;
    return 'passkey' in proof ? words.passkeyWrong : words.wrong;
  };
  const show = (proof: Proof | { password: string }) => {
    setWrong(undefined);
    prove({
      input: { proof },
      onDone: () => settle(true),
      onRefused: ([refusal]) => setWrong(refusalText(refusal, proof)),
      onFailed: (error) => setWrong(failureText(text, error)),
    });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    show({ password });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && settle(false)}
      title={words.again}
      description={words.againText}
      closesOutside={false}
    >
      {!factors && <Spinner />}
      {factors?.length === 0 && (
        <form className={styles.step} onSubmit={submit}>
          <PasswordField
            label={words.password}
            autoComplete="current-password"
            error={wrong}
            value={password}
            onChange={({ target: { value } }) => setPassword(value)}
            autoFocus
          />
          <Button type="submit" wide busy={busy} disabled={!password}>
            {words.goOn}
          </Button>
        </form>
      )}
      {factors && factors.length > 0 && (
        <SecondStep
          factors={factors}
          busy={busy}
          wrong={wrong}
          options={() => options({ purpose: 'REAUTHENTICATE' })}
          onProof={show}
        />
      )}
    </Dialog>
  );
}
