import { Suspense, useState } from 'react';
import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import type { LabelDialogPutMutation } from '~/__generated__/LabelDialogPutMutation.graphql';
import type { LabelDialogQuery } from '~/__generated__/LabelDialogQuery.graphql';
import type { LabelDialogRemoveMutation } from '~/__generated__/LabelDialogRemoveMutation.graphql';
import { Dialog } from '~/design/Dialog';
import { SelectField } from '~/design/Field';
import { Spinner } from '~/design/Spinner';
import { toast } from '~/design/Toast';
import { useLanguage, useText } from '~/i18n/language';
import { codeText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import styles from './Labelers.module.css';
import { wordingOf } from './summed';
import { labelerWords } from './words';

type Subject = { kind: 'post' | 'user' | 'image'; id: string };
type Props = { subject: Subject; imageIds?: readonly string[]; onClose: () => void };

/** Puts the labeler's own labels on something, or takes them off. */
export default function LabelDialog({ subject, imageIds = [], onClose }: Props) {
  const words = labelerWords.useText();
  const [chosen, setChosen] = useState(subject);
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={words.dialog} description={words.dialogText}>
      <div className={styles.form}>
        {imageIds.length > 0 && (
          <SelectField
            label={words.subject}
            value={chosen.id}
            onChange={({ target: { value } }) =>
              setChosen(value === subject.id ? subject : { kind: 'image', id: value })
            }
          >
            <option value={subject.id}>{words.post}</option>
            {imageIds.map((id, index) => (
              <option key={id} value={id}>
                {words.picture(index + 1)}
              </option>
            ))}
          </SelectField>
        )}
        <Suspense fallback={<Spinner />}>
          <Choices key={chosen.id} subject={chosen} />
        </Suspense>
      </div>
    </Dialog>
  );
}

function Choices({ subject }: { subject: Subject }) {
  const words = labelerWords.useText();
  const text = useText();
  const language = useLanguage();
  const { viewer } = useLazyLoadQuery<LabelDialogQuery>(
    graphql`
      query LabelDialogQuery($id: ID!) {
        viewer {
          givenLabels(id: $id)
          user {
            id
            labeler {
              labels {
                identifier
                wordings {
                  language
                  name
                  description
                }
              }
            }
          }
        }
      }
    `,
    { id: subject.id },
    { fetchPolicy: 'network-only' },
  );
  const [given, setGiven] = useState<readonly string[]>(viewer?.givenLabels ?? []);
  const [put] = useAction<LabelDialogPutMutation>(graphql`
    mutation LabelDialogPutMutation($input: PutLabelInput!) {
      putLabel(input: $input) {
        identifiers
        userErrors {
          code
        }
      }
    }
  `);
  const [remove] = useAction<LabelDialogRemoveMutation>(graphql`
    mutation LabelDialogRemoveMutation($input: RemoveLabelInput!) {
      removeLabel(input: $input) {
        identifiers
        userErrors {
          code
        }
      }
    }
  `);
  const onRefused = (refusals: readonly { code: string }[]) => {
    setGiven(given);
    toast(codeText(text, refusals[0]?.code ?? 'OTHER'), { urgent: true });
  };
  const labels = viewer?.user.labeler?.labels ?? [];
  if (!labels.length) return <p className={styles.none}>{words.noLabels}</p>;
  return (
    <fieldset className={styles.choices} aria-label={words.dialog}>
      {labels.map(({ identifier, wordings }) => {
        const input = { [`${subject.kind}Id`]: subject.id, identifier };
        const on = given.includes(identifier);
        return (
          <label key={identifier} className={styles.choice}>
            <input
              type="checkbox"
              checked={on}
              onChange={() => {
                setGiven(on ? given.filter((one) => one !== identifier) : [...given, identifier]);
                if (on) remove({ input, onRefused });
                else put({ input, onRefused });
              }}
            />
            <bdi>{wordingOf(wordings, language).name}</bdi>
          </label>
        );
      })}
    </fieldset>
  );
}
