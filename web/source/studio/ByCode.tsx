import { type FormEvent, useState } from 'react';
import { Button } from '~/design/Button';
import { Field } from '~/design/Field';
import styles from './Presets.module.css';

const LONGEST_CODE = 100;

type Props = {
  label: string;
  /** What the button says. */
  act: string;
  /** What is said where the code leads to nothing. */
  missing: string;
  /** Take what the code leads to; false where that is nothing. */
  onCode: (code: string) => Promise<boolean>;
};

/** Something of somebody else's, by the code they gave away. */
export function ByCode({ label, act, missing, onCode }: Props) {
  const [code, setCode] = useState('');
  const [lost, setLost] = useState(false);
  const use = async (event: FormEvent) => {
    event.preventDefault();
    setLost(false);
    setLost(!(await onCode(code.trim()).catch(() => false)));
  };
  return (
    <form className={styles.code} onSubmit={(event) => void use(event)}>
      <Field
        label={label}
        value={code}
        maxLength={LONGEST_CODE}
        error={lost ? missing : undefined}
        autoCapitalize="none"
        spellCheck={false}
        onChange={({ target: { value } }) => setCode(value)}
      />
      <Button type="submit" look="quiet" disabled={!code.trim()}>
        {act}
      </Button>
    </form>
  );
}
