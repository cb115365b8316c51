import { useState } from 'react';
import { graphql } from 'react-relay/hooks';
import type { ChangeDialogMutation } from '~/__generated__/ChangeDialogMutation.graphql';
import { Audience } from '~/compose/Audience';
import { VISIBILITIES, type Visibility } from '~/compose/draft';
import { LONGEST, measure } from '~/compose/measure';
import { Button } from '~/design/Button';
import { Dialog } from '~/design/Dialog';
import { TextField } from '~/design/Field';
import { useText } from '~/i18n/language';
import { codeText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { LONGEST_PROMPT } from '~/studio/wish';
import styles from './ChangeDialog.module.css';
import { contentOf, type Kept } from './content';

const LONGEST_ALT_TEXT = 2_000;

type Props = { draft: Kept; onClose: () => void };

/** Changes a draft where it stands: what a scheduled one says, and the wish for pictures that are to be made. All else stays as it was. */
export function ChangeDialog({ draft, onClose }: Props) {
  const all = useText();
  const text = all.drafts;
  const { wish } = draft;
  const [said, setSaid] = useState(() => draft.posts.map((one) => one.text));
  const [prompt, setPrompt] = useState(wish?.prompt ?? '');
  const [altText, setAltText] = useState(draft.altText ?? '');
  const [visibility, setVisibility] = useState<Visibility>(
    () => VISIBILITIES.find((one) => one === draft.visibility) ?? 'PUBLIC',
  );
  const [error, setError] = useState<string>();
  const [save, busy] = useAction<ChangeDialogMutation>(graphql`
    mutation ChangeDialogMutation($input: SaveDraftInput!) {
      saveDraft(input: $input) {
        draft {
          ...DraftRow_draft
        }
        userErrors {
          code
          path
        }
      }
    }
  `);
  const content = contentOf(draft);
  const wordless = wish !== null && !prompt.trim();
  const submit = () => {
    setError(undefined);
    save({
      input: {
        draftId: draft.id,
        expectedVersion: draft.version,
        content: {
          ...content,
          posts: content.posts.map((one, index) => ({ ...one, text: said[index] ?? one.text })),
          visibility,
          altText: altText.trim() || null,
          wish: content.wish && { ...content.wish, prompt },
        },
      },
      onDone: onClose,
      onRefused: ([refusal]) => setError(codeText(all, refusal?.code ?? 'OTHER')),
    });
  };
  return (
    <Dialog open onOpenChange={onClose} title={text.change} closesOutside={false}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!wordless) submit();
        }}
      >
        {said.map((one, index) => (
          <TextField
            // biome-ignore lint/suspicious/noArrayIndexKey: its place is what it is known by
            key={index}
            label={said.length > 1 ? text.postOf(index + 1, said.length) : text.words}
            rows={3}
            dir="auto"
            value={one}
            error={measure(one) > LONGEST ? all.compose.tooLong : undefined}
            onChange={({ target: { value } }) => setSaid((now) => now.map((old, at) => (at === index ? value : old)))}
          />
        ))}
        {wish && (
          <>
            <TextField
              label={all.studio.prompt}
              rows={3}
              dir="auto"
              maxLength={LONGEST_PROMPT}
              value={prompt}
              onChange={({ target: { value } }) => setPrompt(value)}
            />
            <TextField
              label={text.altText}
              rows={2}
              dir="auto"
              maxLength={LONGEST_ALT_TEXT}
              value={altText}
              onChange={({ target: { value } }) => setAltText(value)}
            />
          </>
        )}
        {error && (
          <p className={styles.error} role="alert">
            {error}
          </p>
        )}
        <p className={styles.foot}>
          <Audience value={visibility} onChange={setVisibility} />
          <Button type="submit" busy={busy} disabled={wordless}>
            {text.save}
          </Button>
        </p>
      </form>
    </Dialog>
  );
}
