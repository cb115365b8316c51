import { type FormEvent, useRef, useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { ActionLine_action$key } from '~/__generated__/ActionLine_action.graphql';
import type { ActionLineAppealMutation } from '~/__generated__/ActionLineAppealMutation.graphql';
import { Button } from '~/design/Button';
import { TextField } from '~/design/Field';
import { toast } from '~/design/Toast';
import styles from '~/desk/Desk.module.css';
import { useFormat } from '~/i18n/format';
import { useAction } from '~/relay/useAction';
import { moderationWords } from '~/report/words';
import { places } from '~/routing/places';

/** Something that was decided about oneself: what, by which rule, and the way to appeal. */
export function ActionLine({ action: key }: { action: ActionLine_action$key }) {
  const words = moderationWords.useText();
  const format = useFormat();
  const [writing, setWriting] = useState(false);
  const [said, setSaid] = useState('');
  const line = useRef<HTMLLIElement>(null);
  const action = useFragment(
    graphql`
      fragment ActionLine_action on ModerationAction {
        id
        kind
        subjectKind
        rule
        note
        strikes
        createdAt
        reversedAt
        isAutomatic
        viewerCanAppeal
        post {
          id
          text
        }
        appeal {
          id
          state
          answer
        }
      }
    `,
    key,
  );
  const [appeal, busy] = useAction<ActionLineAppealMutation>(graphql`
    mutation ActionLineAppealMutation($input: AppealActionInput!) {
      appealAction(input: $input) {
        appeal {
          id
          state
          answer
          action {
            id
            viewerCanAppeal
            appeal {
              id
            }
          }
        }
        userErrors {
          code
        }
      }
    }
  `);
  const send = (event: FormEvent) => {
    event.preventDefault();
    appeal({
      input: { actionId: action.id, text: said },
      onDone: () => {
        setWriting(false);
        line.current?.focus(); // the form is gone
        toast(words.appealSent);
      },
    });
  };
  return (
    <li ref={line} tabIndex={-1} className={styles.evidence}>
      <p className={styles.head}>
        <strong>{words.done[action.kind] ?? action.kind}</strong>
        <span className={styles.note}>
          {words.subjects[action.subjectKind]} ·{' '}
          <time dateTime={action.createdAt}>{format.moment(action.createdAt)}</time>
          {action.strikes > 0 && ` · ${words.strikes(action.strikes)}`}
        </span>
      </p>
      <p>{words.rule(words.reasons[action.rule] ?? action.rule)}</p>
      {action.isAutomatic && <p className={styles.note}>{words.byRule}</p>}
      {action.note && (
        <p className={styles.soft} dir="auto">
          {action.note}
        </p>
      )}
      {action.post && (
        <p className={styles.note} dir="auto">
          <Link to={places.post(action.post.id)}>{action.post.text || words.see}</Link>
        </p>
      )}
      {action.reversedAt && <p className={styles.note}>{words.undone}</p>}
      {action.appeal && (
        <p className={styles.soft}>
          {words.appealStates[action.appeal.state]} {action.appeal.answer}
        </p>
      )}
      {action.viewerCanAppeal && !writing && (
        <div className={styles.buttons}>
          <Button small look="quiet" onClick={() => setWriting(true)}>
            {words.appeal}
          </Button>
        </div>
      )}
      {action.viewerCanAppeal && writing && (
        <form className={styles.form} onSubmit={send} noValidate>
          <div className={styles.wide}>
            <TextField
              label={words.appealLabel}
              autoFocus
              rows={4}
              maxLength={2_000}
              dir="auto"
              value={said}
              onChange={({ target: { value } }) => setSaid(value)}
            />
          </div>
          <Button type="submit" small busy={busy} disabled={!said.trim()}>
            {words.appealSend}
          </Button>
        </form>
      )}
    </li>
  );
}
