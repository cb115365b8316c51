import { type FormEvent, useState } from 'react';
import { Button } from '~/design/Button';
import { Dialog } from '~/design/Dialog';
import { Field } from '~/design/Field';
import { useText } from '~/i18n/language';
import styles from './Security.module.css';
import { securityWords } from './words';

type Props = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  text?: string;
  /** What stands there at first. */
  first: string;
  action: string;
  busy: boolean;
  wrong: string | undefined;
  onName: (name: string) => void;
};

/** Asks what a passkey is to be called. */
export function NameDialog({ open, onOpenChange, title, text: about, ...rest }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={title} {...(about ? { description: about } : {})}>
      <Naming onCancel={() => onOpenChange(false)} {...rest} />
    </Dialog>
  );
}

function Naming({
  first,
  action,
  busy,
  wrong,
  onName,
  onCancel,
}: Pick<Props, 'first' | 'action' | 'busy' | 'wrong' | 'onName'> & { onCancel: () => void }) {
  const text = useText();
  const words = securityWords.useText().passkeys;
  const [name, setName] = useState(first);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onName(name);
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <Field
        label={words.name}
        hint={words.nameHint}
        error={wrong}
        value={name}
        onChange={({ target: { value } }) => setName(value)}
        maxLength={50}
        autoFocus
      />
      <div className={styles.buttons}>
        <Button look="quiet" onClick={onCancel}>
          {text.common.cancel}
        </Button>
        <Button type="submit" busy={busy} disabled={!name.trim()}>
          {action}
        </Button>
      </div>
    </form>
  );
}
