import { useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { Passkeys_security$key } from '~/__generated__/Passkeys_security.graphql';
import type { PasskeysAddMutation } from '~/__generated__/PasskeysAddMutation.graphql';
import { Button } from '~/design/Button';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { codeText, failureText, Refused, Unreachable } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { Section } from '~/settings/Section';
import { NameDialog } from './NameDialog';
import { PasskeyRow } from './PasskeyRow';
import { create, supported } from './passkeys';
import styles from './Security.module.css';
import { usePasskeyOptions } from './usePasskeyOptions';
import { securityWords } from './words';

type Props = { security: Passkeys_security$key; onChange: (codes?: readonly string[] | null) => void };

/** One's passkeys, and one more. */
export function Passkeys({ security: key, onChange }: Props) {
  const text = useText();
  const words = securityWords.useText().passkeys;
  const { passkeys } = useFragment(
    graphql`
      fragment Passkeys_security on AccountSecurity {
        passkeys {
          id
          ...PasskeyRow_passkey
        }
      }
    `,
    key,
  );
  const options = usePasskeyOptions();
  const [naming, setNaming] = useState(false);
  const [making, setMaking] = useState(false);
  const [wrong, setWrong] = useState<string>();
  const [add, adding] = useAction<PasskeysAddMutation>(graphql`
    mutation PasskeysAddMutation($input: AddPasskeyInput!) {
      addPasskey(input: $input) {
        recoveryCodes
        userErrors {
          code
          path
        }
      }
    }
  `);
  const refusedText = (code: string, path: readonly string[] | null | undefined) => {
    if (code === 'QUOTA_EXCEEDED') return words.tooMany;
    if (path?.[0] === 'name') return words.nameWrong;
    if (path?.[0] === 'credential') return code === 'CONFLICT' ? words.known : words.refused;
    return codeText(text, code);
  };
  const make = async (name: string) => {
    setWrong(undefined);
    setMaking(true);
    try {
      const credential = await create(await options({ purpose: 'REGISTER' }));
      add({
        input: { credential, name },
        onDone: ({ addPasskey }) => {
          setNaming(false);
          toast(words.isAdded);
          onChange(addPasskey.recoveryCodes);
        },
        onRefused: ([refusal]) => setWrong(refusedText(refusal?.code ?? 'OTHER', refusal?.path)),
      });
    } catch (error) {
      if (error instanceof Refused || error instanceof Unreachable) setWrong(failureText(text, error));
      else setWrong((error as Error).name === 'InvalidStateError' ? words.known : words.cancelled);
    } finally {
      setMaking(false);
    }
  };
  return (
    <Section title={words.title} text={words.text}>
      {passkeys.length > 0 ? (
        <ul className={styles.list}>
          {passkeys.map((passkey) => (
            <PasskeyRow key={passkey.id} passkey={passkey} onChange={onChange} />
          ))}
        </ul>
      ) : (
        <p className={styles.state}>{words.none}</p>
      )}
      {supported() ? (
        <Button
          look="quiet"
          onClick={() => {
            setWrong(undefined);
            setNaming(true);
          }}
        >
          {words.add}
        </Button>
      ) : (
        <p className={styles.soft}>{words.unsupported}</p>
      )}
      <NameDialog
        open={naming}
        onOpenChange={setNaming}
        title={words.add}
        text={words.addText}
        first={words.here}
        action={words.add}
        busy={making || adding}
        wrong={wrong}
        onName={(name) => void make(name)}
      />
    </Section>
  );
}
