import { Copy } from 'lucide-react';
import { type FormEvent, useEffect, useState } from 'react';
import { graphql } from 'react-relay/hooks';
import type { TotpDialogMutation } from '~/__generated__/TotpDialogMutation.graphql';
import { Button } from '~/design/Button';
import { Dialog } from '~/design/Dialog';
import { Field } from '~/design/Field';
import { IconButton } from '~/design/IconButton';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { codeText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import styles from './Security.module.css';
import { securityWords } from './words';

/** What an app is told: the secret, and the same as a picture (SVG). */
export type Begun = { secret: string; picture: string };

type Props = {
  begun: Begun | null;
  onClose: () => void;
  onDone: (codes: readonly string[] | null | undefined) => void;
};

/** Shows an app its secret, and asks for its first code. The secret lives in the page's memory only. */
export function TotpDialog({ begun, onClose, onDone }: Props) {
  const words = securityWords.useText().app;
  return (
    <Dialog
      open={begun !== null}
      onOpenChange={onClose}
      title={words.setUp}
      description={words.scan}
      closesOutside={false}
    >
      {begun && <Setting begun={begun} onDone={onDone} />}
    </Dialog>
  );
}

function Setting({ begun, onDone }: { begun: Begun; onDone: Props['onDone'] }) {
  const text = useText();
  const words = securityWords.useText().app;
  const [code, setCode] = useState('');
  const [wrong, setWrong] = useState<string>();
  const picture = usePicture(begun.picture);
  const [confirm, busy] = useAction<TotpDialogMutation>(graphql`
    mutation TotpDialogMutation($input: ConfirmTotpInput!) {
      confirmTotp(input: $input) {
        recoveryCodes
        userErrors {
          code
        }
      }
    }
  `);
  const copy = () => {
    void navigator.clipboard
      ?.writeText(begun.secret)
      .then(() => toast(words.copied))
      .catch(() => toast(text.failure.codes.OTHER, { urgent: true }));
  };
  const refusal = (refused: string) =>
    ({ BAD_USER_INPUT: words.wrong, CONFLICT: words.over })[refused] ?? codeText(text, refused);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setWrong(undefined);
    confirm({
      input: { code },
      onDone: ({ confirmTotp: { recoveryCodes } }) => onDone(recoveryCodes),
      onRefused: ([refused]) => setWrong(refusal(refused?.code ?? 'OTHER')),
    });
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      {picture && <img className={styles.code} src={picture} alt={words.picture} width={192} height={192} />}
      <Field
        label={words.secret}
        value={begun.secret.replace(/(.{4})(?=.)/g, '$1 ')}
        readOnly
        onFocus={({ target }) => target.select()}
        end={<IconButton label={words.copy} icon={<Copy />} onClick={copy} />}
      />
      <Field
        label={words.first}
        error={wrong}
        value={code}
        onChange={({ target: { value } }) => setCode(value)}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={10}
        autoFocus
      />
      <Button type="submit" wide busy={busy} disabled={code.replaceAll(' ', '').length !== 6}>
        {words.confirm}
      </Button>
    </form>
  );
}

/** An address for a picture that is there as text: the page's policy takes no `data:`. */
function usePicture(svg: string): string | undefined {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [svg]);
  return address;
}
