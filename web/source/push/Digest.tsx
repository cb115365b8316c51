import { graphql, useFragment } from 'react-relay/hooks';
import type { Digest_settings$key } from '~/__generated__/Digest_settings.graphql';
import type { DigestDecisionsMutation } from '~/__generated__/DigestDecisionsMutation.graphql';
import type { DigestMutation } from '~/__generated__/DigestMutation.graphql';
import { Segments } from '~/design/Segments';
import { useLanguage } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { Row, Section } from '~/settings/Section';
import styles from '~/settings/Section.module.css';
import { usePushWords } from './words';

const FREQUENCIES = ['NEVER', 'DAILY', 'WEEKLY'] as const;
const DECISIONS = ['OFF', 'ON'] as const;

/** How often one gets mail about what one has not read, and whether about what moderators decide. */
export function Digest({ settings: key }: { settings: Digest_settings$key }) {
  const text = usePushWords();
  const language = useLanguage();
  const { digest, decisionMail, sendsMail } = useFragment(
    graphql`
      fragment Digest_settings on NotificationSettings {
        digest
        decisionMail
        sendsMail
      }
    `,
    key,
  );
  const [update] = useAction<DigestMutation>(graphql`
    mutation DigestMutation($input: UpdateDigestInput!) {
      updateDigest(input: $input) {
        viewer {
          notificationSettings {
            ...Digest_settings
          }
        }
        userErrors {
          code
        }
      }
    }
  `);
  const choose = (frequency: (typeof FREQUENCIES)[number]) =>
    update({
      input: { frequency, language: language.toUpperCase() },
      optimisticUpdater: (store) =>
        store
          .getRoot()
          .getLinkedRecord('viewer')
          ?.getLinkedRecord('notificationSettings')
          ?.setValue(frequency, 'digest'),
    });
  const [settle] = useAction<DigestDecisionsMutation>(graphql`
    mutation DigestDecisionsMutation($input: UpdatePreferencesInput!) {
      updatePreferences(input: $input) {
        viewer {
          notificationSettings {
            ...Digest_settings
          }
        }
        userErrors {
          code
        }
      }
    }
  `);
  const decide = (wanted: (typeof DECISIONS)[number]) =>
    settle({
      input: { decisionMail: wanted === 'ON', language: language.toUpperCase() },
      optimisticUpdater: (store) =>
        store
          .getRoot()
          .getLinkedRecord('viewer')
          ?.getLinkedRecord('notificationSettings')
          ?.setValue(wanted === 'ON', 'decisionMail'),
    });
  return (
    <Section title={text.digest} text={sendsMail ? text.digestText : text.noMail}>
      {sendsMail && (
        <Row label={text.howOften}>
          <Segments
            label={text.howOften}
            value={FREQUENCIES.find((one) => one === digest) ?? 'NEVER'}
            onChange={choose}
            options={FREQUENCIES.map((value) => ({ value, label: text.frequency[value] }))}
          />
        </Row>
      )}
      {sendsMail && (
        <>
          <Row label={text.decisionMail}>
            <Segments
              label={text.decisionMail}
              value={decisionMail ? 'ON' : 'OFF'}
              onChange={decide}
              options={DECISIONS.map((value) => ({ value, label: text.decisionMails[value] }))}
            />
          </Row>
          <p className={styles.text}>{text.decisionMailText}</p>
        </>
      )}
    </Section>
  );
}
