import { type FormEvent, useState } from 'react';
import { graphql } from 'react-relay/hooks';
import type { SaveStyleMutation } from '~/__generated__/SaveStyleMutation.graphql';
import { Button } from '~/design/Button';
import { Dialog } from '~/design/Dialog';
import { Field } from '~/design/Field';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { codeText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import styles from './StyleCodes.module.css';

const LONGEST_NAME = 60;

/** Keep the manner of a picture under a name. */
export default function SaveStyle({ imageId, onClose }: { imageId: string; onClose: () => void }) {
  const all = useText();
  const text = all.manner;
  const [name, setName] = useState('');
  const [refused, setRefused] = useState('');
  const [create, creating] = useAction<SaveStyleMutation>(graphql`
    mutation SaveStyleMutation($input: CreateStyleCodeInput!) {
      createStyleCode(input: $input) {
        styleCode {
          id
        }
        userErrors {
          code
        }
      }
    }
  `);
  const keep = (event: FormEvent) => {
    event.preventDefault();
    setRefused('');
    create({
      input: { imageId, name },
      onDone: () => {
        toast(text.saved);
        onClose();
      },
      onRefused: ([first]) => setRefused(codeText(all, first?.code ?? 'OTHER')),
    });
  };
  return (
    <Dialog open onOpenChange={onClose} title={text.save} description={text.saveHint}>
      <form className={styles.form} onSubmit={keep}>
        <Field
          label={text.name}
          value={name}
          maxLength={LONGEST_NAME}
          error={refused || undefined}
          onChange={({ target: { value } }) => setName(value)}
        />
        <Button type="submit" busy={creating} disabled={!name.trim()}>
          {text.keep}
        </Button>
      </form>
    </Dialog>
  );
}
