import { type FormEvent, useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { Decide_case$key } from '~/__generated__/Decide_case.graphql';
import type { DecideMutation } from '~/__generated__/DecideMutation.graphql';
import { Button } from '~/design/Button';
import { SelectField, TextField } from '~/design/Field';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { codeText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { moderationWords, REASONS } from '~/report/words';
import styles from './Desk.module.css';

const LABELS = ['ADULT', 'GRAPHIC', 'MISLEADING', 'DEEPFAKE', 'SPAM', 'UNVERIFIED'] as const;

/** What to do about a case. */
export function Decide({ node }: { node: Decide_case$key }) {
  const text = useText();
  const words = moderationWords.useText();
  const found = useFragment(
    graphql`
      fragment Decide_case on ModerationCase {
        id
        subjectKind
        reasons
        allowedActions
      }
    `,
    node,
  );
  const [kind, setKind] = useState<string>(found.allowedActions[0] ?? 'DISMISS');
  const [rule, setRule] = useState<string>(found.reasons[0] ?? 'SPAM');
  const [note, setNote] = useState('');
  const [label, setLabel] = useState<string>(LABELS[0]);
  const [veil, setVeil] = useState(true);
  const [pictures, setPictures] = useState(false);
  const [bans, setBans] = useState(false);
  const [keepsOpen, setKeepsOpen] = useState(false);
  const [refused, setRefused] = useState<string>();
  const [act, busy] = useAction<DecideMutation>(graphql`
    mutation DecideMutation($input: TakeActionInput!) {
      takeAction(input: $input) {
        case {
          id
          state
          strikes
          closedAt
          ...CaseHistory_case
        }
        userErrors {
          code
          path
        }
      }
    }
  `);
  const removing = kind === 'REMOVE';
  const send = (event: FormEvent) => {
    event.preventDefault();
    setRefused(undefined);
    act({
      input: {
        caseId: found.id,
        kind,
        rule,
        note,
        keepsOpen,
        ...(kind === 'LABEL' && { label: { value: label, severity: 'ALERT', blur: veil ? 'MEDIA' : 'NONE' } }),
        ...(removing && { takesPictures: pictures, bansPictures: bans }),
      },
      onDone: () => {
        setNote(''); // what was told about one decision is not told about the next
        setKeepsOpen(false);
        toast(words.decided);
      },
      onRefused: ([first]) => setRefused(codeText(text, first?.code ?? 'OTHER')),
    });
  };
  return (
    <section className={styles.part}>
      <h2>{words.act}</h2>
      <form className={styles.form} onSubmit={send} noValidate>
        <SelectField label={words.kind} value={kind} onChange={({ target: { value } }) => setKind(value)}>
          {found.allowedActions.map((one) => (
            <option key={one} value={one}>
              {words.kinds[one] ?? one}
            </option>
          ))}
        </SelectField>
        <SelectField label={words.whichRule} value={rule} onChange={({ target: { value } }) => setRule(value)}>
          {REASONS.map((one) => (
            <option key={one} value={one}>
              {words.reasons[one]}
            </option>
          ))}
        </SelectField>
        {kind === 'LABEL' && (
          <>
            <SelectField label={words.label} value={label} onChange={({ target: { value } }) => setLabel(value)}>
              {LABELS.map((one) => (
                <option key={one} value={one}>
                  {words.labels[one]}
                </option>
              ))}
            </SelectField>
            {found.subjectKind !== 'USER' && <Check label={words.veil} value={veil} onChange={setVeil} />}
          </>
        )}
        {removing && found.subjectKind === 'POST' && (
          <Check label={words.pictures} value={pictures} onChange={setPictures} />
        )}
        {removing && found.subjectKind === 'IMAGE' && <p className={styles.note}>{words.tree}</p>}
        {removing && found.subjectKind !== 'MESSAGE' && <Check label={words.ban} value={bans} onChange={setBans} />}
        {kind !== 'DISMISS' && (
          <div className={styles.wide}>
            <TextField
              label={words.tell}
              hint={words.tellHint}
              error={refused}
              rows={3}
              maxLength={1_500}
              dir="auto"
              value={note}
              onChange={({ target: { value } }) => setNote(value)}
            />
          </div>
        )}
        {kind === 'DISMISS' && refused && (
          <p role="alert" className={styles.soft}>
            {refused}
          </p>
        )}
        <Check label={words.keepOpen} value={keepsOpen} onChange={setKeepsOpen} />
        <Button type="submit" busy={busy} look={kind === 'DISMISS' || kind === 'LABEL' ? 'primary' : 'danger'}>
          {words.decide}
        </Button>
      </form>
    </section>
  );
}

function Check({ label, value, onChange }: { label: string; value: boolean; onChange: (value: boolean) => void }) {
  return (
    <label className={styles.check}>
      <input type="checkbox" checked={value} onChange={({ target }) => onChange(target.checked)} />
      {label}
    </label>
  );
}
