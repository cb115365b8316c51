import { type FormEvent, useRef, useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { CaseNotes_case$key } from '~/__generated__/CaseNotes_case.graphql';
import type { CaseNotesMutation } from '~/__generated__/CaseNotesMutation.graphql';
import { Button } from '~/design/Button';
import { TextField } from '~/design/Field';
import { useFormat } from '~/i18n/format';
import { useAction } from '~/relay/useAction';
import { moderationWords } from '~/report/words';
import styles from './Desk.module.css';

/** What moderators write to each other about a case. */
export function CaseNotes({ node }: { node: CaseNotes_case$key }) {
  const words = moderationWords.useText();
  const format = useFormat();
  const [said, setSaid] = useState('');
  const line = useRef<HTMLTextAreaElement>(null);
  const { id, notes } = useFragment(
    graphql`
      fragment CaseNotes_case on ModerationCase {
        id
        notes {
          text
          createdAt
          author {
            handle
          }
        }
      }
    `,
    node,
  );
  const [add, busy] = useAction<CaseNotesMutation>(graphql`
    mutation CaseNotesMutation($input: AddCaseNoteInput!) {
      addCaseNote(input: $input) {
        case {
          id
          ...CaseNotes_case
        }
        userErrors {
          code
        }
      }
    }
  `);
  const send = (event: FormEvent) => {
    event.preventDefault();
    add({
      input: { caseId: id, text: said },
      onDone: () => {
        setSaid('');
        line.current?.focus(); // the button takes no empty note
      },
    });
  };
  return (
    <section className={styles.part}>
      <h2>{words.notes}</h2>
      {notes.length > 0 && (
        <ul className={styles.list}>
          {notes.map(({ text, createdAt, author }) => (
            <li key={createdAt}>
              <p className={styles.soft} dir="auto">
                {text}
              </p>
              <span className={styles.note}>
                {author ? words.of(author.handle) : words.anonymous} ·{' '}
                <time dateTime={createdAt}>{format.since(createdAt)}</time>
              </span>
            </li>
          ))}
        </ul>
      )}
      <form className={styles.form} onSubmit={send} noValidate>
        <div className={styles.wide}>
          <TextField
            ref={line}
            label={words.noteText}
            rows={2}
            maxLength={2_000}
            dir="auto"
            value={said}
            onChange={({ target: { value } }) => setSaid(value)}
          />
        </div>
        <Button type="submit" small look="quiet" busy={busy} disabled={!said.trim()}>
          {words.addNote}
        </Button>
      </form>
    </section>
  );
}
