import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { PasskeyRow_passkey$key } from '~/__generated__/PasskeyRow_passkey.graphql';
import type { PasskeyRowRemoveMutation } from '~/__generated__/PasskeyRowRemoveMutation.graphql';
import type { PasskeyRowRenameMutation } from '~/__generated__/PasskeyRowRenameMutation.graphql';
import { Button } from '~/design/Button';
import Confirm from '~/design/Confirm';
import { toast } from '~/design/Toast';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { codeText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { NameDialog } from './NameDialog';
import styles from './Security.module.css';
import { securityWords } from './words';

type Props = { passkey: PasskeyRow_passkey$key; onChange: () => void };

/** A passkey: what it is called, when it was last used, another name, its end. */
export function PasskeyRow({ passkey: key, onChange }: Props) {
  const text = useText();
  const words = securityWords.useText().passkeys;
  const format = useFormat();
  const [asking, setAsking] = useState(false);
  const [naming, setNaming] = useState(false);
  const [wrong, setWrong] = useState<string>();
  const { id, name, isSynced, createdAt, lastUsedAt } = useFragment(
    graphql`
      fragment PasskeyRow_passkey on Passkey {
        id
        name
        isSynced
        createdAt
        lastUsedAt
      }
    `,
    key,
  );
  const [rename, renaming] = useAction<PasskeyRowRenameMutation>(graphql`
    mutation PasskeyRowRenameMutation($input: RenamePasskeyInput!) {
      renamePasskey(input: $input) {
        passkey {
          id
          name
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [remove, removing] = useAction<PasskeyRowRemoveMutation>(graphql`
    mutation PasskeyRowRemoveMutation($input: RemovePasskeyInput!) {
      removePasskey(input: $input) {
        removedPasskeyId
        userErrors {
          code
        }
      }
    }
  `);
  const call = (next: string) => {
    setWrong(undefined);
    rename({
      input: { passkeyId: id, name: next },
      onDone: () => setNaming(false),
      onRefused: ([refusal]) =>
        setWrong(refusal?.code === 'BAD_USER_INPUT' ? words.nameWrong : codeText(text, refusal?.code ?? 'OTHER')),
    });
  };
  const forget = () =>
    remove({
      input: { passkeyId: id },
      onDone: () => {
        setAsking(false);
        toast(words.isRemoved);
        onChange();
      },
    });
  const facts = [
    words.added(format.day(createdAt)),
    lastUsedAt ? words.used(format.since(lastUsedAt)) : words.unused,
    ...(isSynced ? [words.synced] : []),
  ];
  return (
    <li className={styles.passkey}>
      <KeyRound aria-hidden="true" />
      <div className={styles.words}>
        <p className={styles.name}>{name}</p>
        <p className={styles.facts}>{facts.join(' · ')}</p>
      </div>
      <div className={styles.buttons}>
        <Button look="quiet" small aria-label={words.renameOf(name)} onClick={() => setNaming(true)}>
          {words.rename}
        </Button>
        <Button look="quiet" small aria-label={words.removeOf(name)} onClick={() => setAsking(true)}>
          {words.remove}
        </Button>
      </div>
      <NameDialog
        open={naming}
        onOpenChange={setNaming}
        title={words.renameOf(name)}
        first={name}
        action={words.rename}
        busy={renaming}
        wrong={wrong}
        onName={call}
      />
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={words.removeTitle(name)}
        text={words.removeText}
        action={words.remove}
        busy={removing}
        onConfirm={forget}
      />
    </li>
  );
}
