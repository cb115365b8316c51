import { graphql } from 'react-relay/hooks';
import type { SeeingMutation } from '~/__generated__/SeeingMutation.graphql';
import { AI_PICTURES, type AiPictures, here, useAiPictures } from '~/ai/viewing';
import { Segments } from '~/design/Segments';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { useViewer } from '~/session/viewer';
import { Row, Section } from './Section';
import styles from './Section.module.css';

/** How pictures that AI made or changed are shown: of the person on all devices, of this browser where nobody is signed in. */
export function Seeing() {
  const { labels } = useText();
  const viewer = useViewer();
  const choice = useAiPictures();
  const [act] = useAction<SeeingMutation>(graphql`
    mutation SeeingMutation($input: UpdateViewingInput!) {
      updateViewing(input: $input) {
        viewer {
          viewing {
            aiPictures
          }
        }
        userErrors {
          code
        }
      }
    }
  `);
  const choose = (aiPictures: AiPictures) => {
    if (!viewer) return here.set(aiPictures);
    act({
      input: { aiPictures },
      optimisticUpdater: (store) =>
        store.getRoot().getLinkedRecord('viewer')?.getLinkedRecord('viewing')?.setValue(aiPictures, 'aiPictures'),
      updater: (store, answer) => {
        const now = answer?.updateViewing.viewer?.viewing.aiPictures;
        if (now) store.getRoot().getLinkedRecord('viewer')?.getLinkedRecord('viewing')?.setValue(now, 'aiPictures');
      },
    });
  };
  return (
    <Section title={labels.settings} text={labels.settingsText}>
      <Row label={labels.choice}>
        <Segments
          label={labels.choice}
          value={choice}
          onChange={choose}
          options={AI_PICTURES.map((value) => ({ value, label: labels.choices[value] ?? value }))}
        />
      </Row>
      <p className={styles.text}>{labels.about[choice]}</p>
    </Section>
  );
}
