import { type FormEvent, useState } from 'react';
import styles from '~/boards/Boards.module.css';
import { Button } from '~/design/Button';
import { Field, SelectField, TextField } from '~/design/Field';
import { useText } from '~/i18n/language';
import { codeText, type Refusal } from '~/relay/failure';

export type ListDraft = {
  name: string;
  description: string;
  isPrivate: boolean;
  isExclusive: boolean;
  replies: 'NONE' | 'LIST' | 'FOLLOWED';
};

type Props = {
  draft: ListDraft;
  action: string;
  busy: boolean;
  /** Send it; what is refused is given back. */
  onSend: (draft: ListDraft, refuse: (refusals: readonly Refusal[]) => void) => void;
};

const REPLIES = ['NONE', 'LIST', 'FOLLOWED'] as const;

/** What a list is called, who sees it, and what it shows. */
export function ListForm({ draft, action, busy, onSend }: Props) {
  const all = useText();
  const text = all.lists;
  const [wish, setWish] = useState(draft);
  const [refused, setRefused] = useState<string>();
  const change = (some: Partial<ListDraft>) => setWish((now) => ({ ...now, ...some }));
  const send = (event: FormEvent) => {
    event.preventDefault();
    setRefused(undefined);
    onSend({ ...wish, name: wish.name.trim(), description: wish.description.trim() }, ([first]) =>
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
        value={wish.name}
        maxLength={50}
        autoComplete="off"
        onChange={({ target: { value } }) => change({ name: value })}
      />
      <TextField
        label={text.description}
        value={wish.description}
        maxLength={300}
        rows={2}
        onChange={({ target: { value } }) => change({ description: value })}
      />
      <SelectField
        label={text.privacy}
        hint={text.privateHint}
        value={wish.isPrivate ? 'private' : 'public'}
        onChange={({ target: { value } }) => change({ isPrivate: value === 'private' })}
      >
        <option value="private">{text.private}</option>
        <option value="public">{text.public}</option>
      </SelectField>
      <SelectField
        label={text.replies}
        value={wish.replies}
        onChange={({ target: { value } }) => change({ replies: value as ListDraft['replies'] })}
      >
        {REPLIES.map((one) => (
          <option key={one} value={one}>
            {text.repliesHint[one]}
          </option>
        ))}
      </SelectField>
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={wish.isExclusive}
          onChange={({ target: { checked } }) => change({ isExclusive: checked })}
        />
        <span>
          <span>{text.exclusive}</span>
          <small>{text.exclusiveHint}</small>
        </span>
      </label>
      <div className={styles.buttons}>
        <Button type="submit" busy={busy} disabled={!wish.name.trim()}>
          {action}
        </Button>
      </div>
    </form>
  );
}
