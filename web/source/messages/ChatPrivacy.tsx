import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import type { ChatPrivacyMutation, MessagesFrom } from '~/__generated__/ChatPrivacyMutation.graphql';
import type { ChatPrivacyQuery } from '~/__generated__/ChatPrivacyQuery.graphql';
import { Dialog } from '~/design/Dialog';
import { SelectField } from '~/design/Field';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import styles from './PeoplePicker.module.css';

const FROM = ['EVERYONE', 'FOLLOWING', 'NOBODY'] as const;

/** Who may begin to write, and whether others learn how far one reads. */
export default function ChatPrivacy({ onClose }: { onClose: () => void }) {
  const text = useText().letters;
  const { viewer } = useLazyLoadQuery<ChatPrivacyQuery>(
    graphql`
      query ChatPrivacyQuery {
        viewer {
          chatSettings {
            messagesFrom
            showsReading
          }
        }
      }
    `,
    {},
    { fetchPolicy: 'store-and-network' },
  );
  const [update] = useAction<ChatPrivacyMutation>(graphql`
    mutation ChatPrivacyMutation($input: UpdateChatSettingsInput!) {
      updateChatSettings(input: $input) {
        viewer {
          chatSettings {
            messagesFrom
            showsReading
          }
        }
        userErrors {
          code
        }
      }
    }
  `);
  const settings = viewer?.chatSettings;
  const settle = (input: { messagesFrom?: MessagesFrom; showsReading?: boolean }) =>
    update({
      input,
      updater: (store) => {
        const kept = store
          .getRootField('updateChatSettings')
          ?.getLinkedRecord('viewer')
          ?.getLinkedRecord('chatSettings');
        const own = store.getRoot().getLinkedRecord('viewer');
        if (kept && own) own.setLinkedRecord(kept, 'chatSettings');
      },
    });
  return (
    <Dialog open onOpenChange={onClose} title={text.privacy} description={text.privacyText}>
      <div className={styles.form}>
        <SelectField
          label={text.from}
          hint={text.fromText}
          value={settings?.messagesFrom ?? 'EVERYONE'}
          onChange={({ target: { value } }) => {
            const messagesFrom = FROM.find((one) => one === value);
            if (messagesFrom) settle({ messagesFrom });
          }}
        >
          {FROM.map((one) => (
            <option key={one} value={one}>
              {text.froms[one]}
            </option>
          ))}
        </SelectField>
        <SelectField
          label={text.reading}
          hint={text.readingText}
          value={settings?.showsReading === false ? 'no' : 'yes'}
          onChange={({ target: { value } }) => settle({ showsReading: value === 'yes' })}
        >
          <option value="yes">{text.yes}</option>
          <option value="no">{text.no}</option>
        </SelectField>
      </div>
    </Dialog>
  );
}
