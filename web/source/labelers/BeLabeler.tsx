import { useState } from 'react';
import { graphql, useFragment, useRelayEnvironment } from 'react-relay/hooks';
import type { BeLabeler_user$key } from '~/__generated__/BeLabeler_user.graphql';
import type { BeLabelerCloseMutation } from '~/__generated__/BeLabelerCloseMutation.graphql';
import type { BeLabelerMutation } from '~/__generated__/BeLabelerMutation.graphql';
import { fetchViewing } from '~/ai/fetchViewing';
import { Button } from '~/design/Button';
import Confirm from '~/design/Confirm';
import { TextField } from '~/design/Field';
import { toast } from '~/design/Toast';
import { useLanguage, useText } from '~/i18n/language';
import { codeText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { Section } from '~/settings/Section';
import { DefinitionFields } from './DefinitionFields';
import { blank, type Definition, MOST, opened, sent } from './definition';
import styles from './Labelers.module.css';
import { labelerWords } from './words';

/** What one says as a labeler: of oneself, and one's labels. */
export function BeLabeler({ user: key }: { user: BeLabeler_user$key }) {
  const text = useText();
  const words = labelerWords.useText();
  const language = useLanguage();
  const environment = useRelayEnvironment();
  const { labeler } = useFragment(
    graphql`
      fragment BeLabeler_user on User {
        id
        labeler {
          description
          labels {
            identifier
            severity
            blur
            defaultChoice
            wordings {
              language
              name
              description
            }
          }
        }
      }
    `,
    key,
  );
  const [about, setAbout] = useState(labeler?.description ?? '');
  const [labels, setLabels] = useState<readonly Definition[]>(labeler?.labels.map(opened) ?? []);
  const [refused, setRefused] = useState('');
  const [asking, setAsking] = useState(false);
  const [declare, busy] = useAction<BeLabelerMutation>(graphql`
    mutation BeLabelerMutation($input: DeclareLabelerInput!) {
      declareLabeler(input: $input) {
        user {
          ...BeLabeler_user
          ...LabelerCard_user
        }
        query {
          viewer {
            isLabeler
          }
        }
        userErrors {
          code
          path
        }
      }
    }
  `);
  const [close, closing] = useAction<BeLabelerCloseMutation>(graphql`
    mutation BeLabelerCloseMutation($input: CloseLabelerInput!) {
      closeLabeler(input: $input) {
        user {
          ...BeLabeler_user
          ...LabelerCard_user
        }
        query {
          viewer {
            isLabeler
          }
        }
        userErrors {
          code
        }
      }
    }
  `);
  const save = () =>
    declare({
      input: { description: about, labels: labels.map((one) => sent(one, language)) },
      onDone: () => {
        setRefused('');
        toast(words.saved);
        void fetchViewing(environment);
      },
      onRefused: ([first]) =>
        setRefused(
          first?.code === 'CONFLICT'
            ? words.private
            : (words.wrong[first?.path?.at(-1) ?? ''] ?? codeText(text, first?.code ?? 'OTHER')),
        ),
    });
  return (
    <Section title={labeler ? words.edit : words.be} text={words.beText}>
      <form
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <TextField
          label={words.about}
          rows={3}
          maxLength={1_000}
          dir="auto"
          value={about}
          onChange={({ target: { value } }) => setAbout(value)}
        />
        {labels.map((one, index) => (
          <DefinitionFields
            key={one.key}
            number={index + 1}
            value={one}
            onChange={(changed) => setLabels(labels.map((other) => (other.key === one.key ? changed : other)))}
            onRemove={() => setLabels(labels.filter(({ key: other }) => other !== one.key))}
          />
        ))}
        {refused && (
          <p className={styles.refused} role="alert">
            {refused}
          </p>
        )}
        <div className={styles.buttons}>
          {labels.length < MOST && (
            <Button look="quiet" onClick={() => setLabels([...labels, blank()])}>
              {words.add}
            </Button>
          )}
          <Button type="submit" busy={busy}>
            {labeler ? words.save : words.begin}
          </Button>
          {labeler && (
            <Button look="quiet" onClick={() => setAsking(true)}>
              {words.close}
            </Button>
          )}
        </div>
      </form>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={words.close}
        text={words.closeText}
        action={words.close}
        busy={closing}
        onConfirm={() =>
          close({
            input: {},
            onDone: () => {
              setAsking(false);
              toast(words.closed);
            },
          })
        }
      />
    </Section>
  );
}
