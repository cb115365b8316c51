import { type FormEvent, useState } from 'react';
import { graphql } from 'react-relay/hooks';
import type { AddWordMutation } from '~/__generated__/AddWordMutation.graphql';
import { Button } from '~/design/Button';
import { Field, SelectField } from '~/design/Field';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { codeText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { DurationField } from './DurationField';
import { type Duration, lasting } from './duration';
import styles from './Muting.module.css';

const SCOPES = ['HOME', 'EVERYWHERE', 'NOTIFICATIONS'] as const;
const ACTIONS = ['HIDE', 'WARN'] as const;

/** Mutes a word, a phrase or a tag. */
export function AddWord({ connections }: { connections: readonly string[] }) {
  const text = useText();
  const words = text.muting;
  const [word, setWord] = useState('');
  const [scope, setScope] = useState<(typeof SCOPES)[number]>('HOME');
  const [action, setAction] = useState<(typeof ACTIONS)[number]>('HIDE');
  const [whole, setWhole] = useState(true);
  const [duration, setDuration] = useState<Duration>('ever');
  const [refused, setRefused] = useState<string>();
  const [mute, busy] = useAction<AddWordMutation>(graphql`
    mutation AddWordMutation($input: MuteWordInput!, $connections: [ID!]!) {
      muteWord(input: $input) {
        word @prependNode(connections: $connections, edgeTypeName: "MutedWordEdge") {
          id
          ...WordRow_word
        }
        userErrors {
          code
          path
        }
      }
    }
  `);
  const add = (event: FormEvent) => {
    event.preventDefault();
    setRefused(undefined);
    mute({
      input: { text: word, scope, action, wholeWord: whole, ...lasting(duration) },
      variables: { connections },
      onDone: () => {
        toast(words.added(word.trim()));
        setWord('');
      },
      onRefused: ([first]) =>
        setRefused(
          first?.code === 'BAD_USER_INPUT'
            ? words.wordWrong
            : first?.code === 'QUOTA_EXCEEDED'
              ? words.tooMany
              : codeText(text, first?.code ?? 'OTHER'),
        ),
    });
  };
  return (
    <form className={styles.form} onSubmit={add} noValidate>
      <Field
        label={words.word}
        hint={words.wordHint}
        error={refused}
        autoComplete="off"
        maxLength={400}
        dir="auto"
        value={word}
        onChange={({ target: { value } }) => setWord(value)}
      />
      <div className={styles.choices}>
        <SelectField
          label={words.scope}
          value={scope}
          onChange={({ target: { value } }) => setScope(value as (typeof SCOPES)[number])}
        >
          {SCOPES.map((one) => (
            <option key={one} value={one}>
              {words.scopes[one]}
            </option>
          ))}
        </SelectField>
        <SelectField
          label={words.action}
          value={action}
          onChange={({ target: { value } }) => setAction(value as (typeof ACTIONS)[number])}
        >
          {ACTIONS.map((one) => (
            <option key={one} value={one}>
              {words.actions[one]}
            </option>
          ))}
        </SelectField>
        <DurationField value={duration} onChange={setDuration} />
      </div>
      <label className={styles.check}>
        <input type="checkbox" checked={whole} onChange={({ target }) => setWhole(target.checked)} />
        {words.wholeWord}
      </label>
      <Button type="submit" busy={busy} disabled={!word.trim()}>
        {words.add}
      </Button>
    </form>
  );
}
