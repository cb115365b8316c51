import { type FormEvent, useState } from 'react';
import { Button } from '~/design/Button';
import { Field, SelectField, TextField } from '~/design/Field';
import { useText } from '~/i18n/language';
import type { Refusal } from '~/relay/failure';
import { codeText } from '~/relay/failure';
import styles from './Boards.module.css';

export type BoardDraft = { name: string; description: string; audience: 'PRIVATE' | 'SHARED' | 'PUBLIC' };

type Props = {
  draft: BoardDraft;
  action: string;
  busy: boolean;
  /** Send it; what is refused is given back. */
  onSend: (draft: BoardDraft, refuse: (refusals: readonly Refusal[]) => void) => void;
};

const AUDIENCES = ['PRIVATE', 'SHARED', 'PUBLIC'] as const;

/** What a board is called, what it is for, who may look at it. */
export function BoardForm({ draft, action, busy, onSend }: Props) {
  const all = useText();
  const text = all.boards;
  const [name, setName] = useState(draft.name);
  const [description, setDescription] = useState(draft.description);
  const [audience, setAudience] = useState(draft.audience);
  const [refused, setRefused] = useState<string>();
  const send = (event: FormEvent) => {
    event.preventDefault();
    setRefused(undefined);
    onSend({ name: name.trim(), description: description.trim(), audience }, ([first]) =>
      setRefused(
        first?.code === 'QUOTA_EXCEEDED'
          ? text.tooMany
          : first?.path?.[0] === 'name'
            ? text.nameWrong
            : codeText(all, first?.code ?? 'OTHER'),
      ),
    );
  };
  return (
    <form className={styles.form} onSubmit={send} noValidate>
      <Field
        label={text.name}
        placeholder={text.namePlaceholder}
        error={refused}
        value={name}
        maxLength={50}
        autoComplete="off"
        onChange={({ target: { value } }) => setName(value)}
      />
      <TextField
        label={text.description}
        value={description}
        maxLength={300}
        rows={2}
        onChange={({ target: { value } }) => setDescription(value)}
      />
      <SelectField
        label={text.audience}
        value={audience}
        onChange={({ target: { value } }) => setAudience(value as BoardDraft['audience'])}
      >
        {AUDIENCES.map((one) => (
          <option key={one} value={one}>
            {text.audiences[one]}
          </option>
        ))}
      </SelectField>
      <div className={styles.buttons}>
        <Button type="submit" busy={busy} disabled={!name.trim()}>
          {action}
        </Button>
      </div>
    </form>
  );
}
