import { KeyRound } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Button } from '~/design/Button';
import { Field } from '~/design/Field';
import { useText } from '~/i18n/language';
import { failureText, Refused, Unreachable } from '~/relay/failure';
import { get, supported } from './passkeys';
import styles from './Security.module.css';
import { securityWords } from './words';

/** A proof as the API takes it: exactly one of these. */
export type Proof = { code: string } | { recoveryCode: string } | { passkey: string };

type Props = {
  factors: readonly string[];
  busy: boolean;
  wrong: string | undefined;
  /** What the browser is to be asked for. */
  options: () => Promise<string>;
  onProof: (proof: Proof) => void;
};

/** By whichever second factor somebody proves who they are. */
export function SecondStep({ factors, busy, wrong, options, onProof }: Props) {
  const text = useText();
  const words = securityWords.useText();
  const passkeys = factors.includes('PASSKEY') && supported();
  const app = factors.includes('TOTP');
  const [recovering, setRecovering] = useState(!app && !passkeys);
  const [said, setSaid] = useState('');
  const [failed, setFailed] = useState<string>();
  const showPasskey = async () => {
    setFailed(undefined);
    try {
      onProof({ passkey: await get(await options()) });
    } catch (error) {
      const known = error instanceof Refused || error instanceof Unreachable;
      setFailed(known ? failureText(text, error) : words.passkeys.cancelled);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setFailed(undefined);
    onProof(recovering ? { recoveryCode: said } : { code: said });
  };
  const turn = () => {
    setRecovering(!recovering);
    setSaid('');
    setFailed(undefined);
  };
  const asked = recovering || app;
  const problem = failed ?? wrong;
  return (
    <form className={styles.step} onSubmit={submit} noValidate>
      {passkeys && (
        <Button type="button" look={asked ? 'quiet' : 'primary'} wide busy={busy} onClick={() => void showPasskey()}>
          <KeyRound aria-hidden="true" />
          {words.step.usePasskey}
        </Button>
      )}
      {factors.includes('PASSKEY') && !passkeys && !app && <p className={styles.soft}>{words.step.noPasskeys}</p>}
      {asked && (
        <>
          <Field
            key={String(recovering)}
            label={recovering ? words.step.recovery : words.step.code}
            hint={recovering ? words.step.recoveryHint : words.step.codeHint}
            error={problem}
            value={said}
            onChange={({ target: { value } }) => setSaid(value)}
            name={recovering ? 'recovery' : 'code'}
            inputMode={recovering ? 'text' : 'numeric'}
            autoComplete={recovering ? 'off' : 'one-time-code'}
            autoCapitalize="none"
            autoCorrect="off"
            spellCheck={false}
            maxLength={40}
            autoFocus
          />
          <Button type="submit" wide busy={busy} disabled={said.trim().length < 6}>
            {words.step.goOn}
          </Button>
        </>
      )}
      {!asked && problem && (
        <p className={styles.wrong} role="alert">
          {problem}
        </p>
      )}
      {factors.includes('RECOVERY_CODE') && (app || passkeys || !recovering) && (
        <Button look="plain" onClick={turn}>
          {recovering && app ? words.step.useCode : recovering ? text.common.cancel : words.step.useRecovery}
        </Button>
      )}
    </form>
  );
}
