import { type FormEvent, useState } from 'react';
import { graphql } from 'react-relay/hooks';
import type { ReportDialogMutation } from '~/__generated__/ReportDialogMutation.graphql';
import { Button } from '~/design/Button';
import { Dialog } from '~/design/Dialog';
import { TextField } from '~/design/Field';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { codeText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import styles from './ReportDialog.module.css';
import { moderationWords, REASONS } from './words';

export type Reported = { kind: 'post' | 'user' | 'image' | 'message'; id: string };

type Props = { subject: Reported; onClose: () => void };

/** Hands something to the moderators. */
export default function ReportDialog({ subject, onClose }: Props) {
  const text = useText();
  const words = moderationWords.useText();
  const [reason, setReason] = useState<(typeof REASONS)[number]>();
  const [note, setNote] = useState('');
  const [refused, setRefused] = useState<string>();
  const [report, busy] = useAction<ReportDialogMutation>(graphql`
    mutation ReportDialogMutation($input: CreateReportInput!) {
      createReport(input: $input) {
        report {
          id
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
    if (!reason) return;
    if (reason === 'OTHER' && !note.trim()) return setRefused(words.noteNeeded);
    setRefused(undefined);
    const said = (done: string) => {
      onClose();
      toast(done);
    };
    report({
      input: { [`${subject.kind}Id`]: subject.id, reason, note },
      onDone: () => said(words.sent),
      onRefused: ([first]) => {
        if (first?.code === 'CONFLICT') said(words.already);
        else if (first?.code === 'QUOTA_EXCEEDED') setRefused(words.tooMany);
        else setRefused(first?.path?.[0] === 'note' ? words.noteLong : codeText(text, first?.code ?? 'OTHER'));
      },
    });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={words.reportTitle[subject.kind]}
      description={subject.kind === 'message' ? words.reportMessage : words.reportText}
      closesOutside={!note}
    >
      <form className={styles.form} onSubmit={send} noValidate>
        <fieldset className={styles.reasons}>
          <legend>{words.why}</legend>
          {REASONS.map((one) => (
            <label key={one} className={styles.reason}>
              <input type="radio" name="reason" checked={reason === one} onChange={() => setReason(one)} />
              <span>{words.reasons[one]}</span>
            </label>
          ))}
        </fieldset>
        <TextField
          label={words.note}
          error={refused}
          rows={3}
          maxLength={1_500}
          dir="auto"
          value={note}
          onChange={({ target: { value } }) => setNote(value)}
        />
        <div className={styles.buttons}>
          <Button look="quiet" onClick={onClose}>
            {text.common.cancel}
          </Button>
          <Button type="submit" busy={busy} disabled={!reason}>
            {words.send}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
