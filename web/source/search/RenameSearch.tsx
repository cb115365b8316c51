import { type FormEvent, useState } from 'react';
import { graphql } from 'react-relay/hooks';
import type { RenameSearchMutation } from '~/__generated__/RenameSearchMutation.graphql';
import styles from '~/boards/Boards.module.css';
import { Button } from '~/design/Button';
import { Dialog } from '~/design/Dialog';
import { Field } from '~/design/Field';
import { useText } from '~/i18n/language';
import { codeText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';

/** Calls a saved search otherwise. */
export default function RenameSearch({ id, name, onClose }: { id: string; name: string; onClose: () => void }) {
  const all = useText();
  const text = all.saved;
  const [wish, setWish] = useState(name);
  const [refused, setRefused] = useState<string>();
  const [act, busy] = useAction<RenameSearchMutation>(graphql`
    mutation RenameSearchMutation($input: RenameSavedSearchInput!) {
      renameSavedSearch(input: $input) {
        savedSearch {
          id
          version
          name
        }
        userErrors {
          code
          path
        }
      }
    }
  `);
  const send = (event: FormEvent) => {
    event.preventDefault();
    act({
      input: { savedSearchId: id, name: wish.trim() },
      onDone: onClose,
      onRefused: ([first]) =>
        setRefused(first?.path?.[0] === 'name' ? text.nameWrong : codeText(all, first?.code ?? 'OTHER')),
    });
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={text.rename}>
      <form className={styles.form} onSubmit={send} noValidate>
        <Field
          label={text.name}
          error={refused}
          value={wish}
          maxLength={60}
          autoComplete="off"
          onChange={({ target: { value } }) => setWish(value)}
        />
        <Button type="submit" busy={busy}>
          {all.common.save}
        </Button>
      </form>
    </Dialog>
  );
}
