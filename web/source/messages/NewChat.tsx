import { type FormEvent, useState } from 'react';
import { graphql } from 'react-relay/hooks';
import { useNavigate } from 'react-router';
import type { NewChatMutation } from '~/__generated__/NewChatMutation.graphql';
import type { Suggestion } from '~/compose/useMentions';
import { Button } from '~/design/Button';
import { Dialog } from '~/design/Dialog';
import { Field } from '~/design/Field';
import { useText } from '~/i18n/language';
import { codeText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { places } from '~/routing/places';
import { PeoplePicker } from './PeoplePicker';
import styles from './PeoplePicker.module.css';
import { useOpenChat } from './useOpenChat';

const LONGEST_NAME = 60;

/** Begins a chat: with one person, or a group. */
export default function NewChat({ onClose }: { onClose: () => void }) {
  const all = useText();
  const text = all.letters;
  const navigate = useNavigate();
  const [people, setPeople] = useState<readonly Suggestion[]>([]);
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string>();
  const [open, opening] = useOpenChat();
  const [create, creating] = useAction<NewChatMutation>(graphql`
    mutation NewChatMutation($input: CreateGroupChatInput!) {
      createGroupChat(input: $input) {
        chat {
          id
        }
        userErrors {
          code
          path
        }
      }
    }
  `);
  const begin = (event: FormEvent) => {
    event.preventDefault();
    const [first, ...more] = people;
    if (!first) return;
    if (!more.length) return open(first.id, onClose);
    create({
      input: { name, userIds: people.map(({ id }) => id) },
      onDone: ({ createGroupChat: { chat } }) => {
        onClose();
        if (chat) void navigate(places.chat(chat.id));
      },
      onRefused: ([refusal]) =>
        setProblem(refusal?.code === 'FORBIDDEN' ? text.cannotAdd : codeText(all, refusal?.code ?? 'OTHER')),
    });
  };
  return (
    <Dialog open onOpenChange={onClose} title={text.write} description={text.writeText} closesOutside={false}>
      <form className={styles.form} onSubmit={begin}>
        <PeoplePicker chosen={people} onChange={setPeople} />
        {people.length > 1 && (
          <Field
            label={text.groupName}
            value={name}
            maxLength={LONGEST_NAME}
            onChange={({ target: { value } }) => setName(value)}
          />
        )}
        {problem && (
          <p className={styles.problem} role="alert">
            {problem}
          </p>
        )}
        <div className={styles.end}>
          <Button type="submit" busy={opening || creating} disabled={!people.length}>
            {text.begin}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
