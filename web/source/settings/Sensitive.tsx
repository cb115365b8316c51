import { graphql, useFragment } from 'react-relay/hooks';
import type { Sensitive_viewer$key } from '~/__generated__/Sensitive_viewer.graphql';
import type { SensitiveMutation } from '~/__generated__/SensitiveMutation.graphql';
import { Segments } from '~/design/Segments';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { Row, Section } from './Section';

/** Whether pictures that may be hard to look at are shown at once: wherever one is signed in. */
export function Sensitive({ viewer }: { viewer: Sensitive_viewer$key }) {
  const text = useText().talk;
  const { showsSensitive } = useFragment(
    graphql`
      fragment Sensitive_viewer on Viewer {
        showsSensitive
      }
    `,
    viewer,
  );
  const [update] = useAction<SensitiveMutation>(graphql`
    mutation SensitiveMutation($input: UpdatePreferencesInput!) {
      updatePreferences(input: $input) {
        viewer {
          showsSensitive
        }
        userErrors {
          code
        }
      }
    }
  `);
  const choose = (value: 'on' | 'off') => {
    const shows = value === 'on';
    update({
      input: { showsSensitive: shows },
      optimisticUpdater: (store) => store.getRoot().getLinkedRecord('viewer')?.setValue(shows, 'showsSensitive'),
      updater: (store) => store.getRoot().getLinkedRecord('viewer')?.setValue(shows, 'showsSensitive'),
    });
  };
  return (
    <Section title={text.sensitive} text={text.showsSensitiveText}>
      <Row label={text.showsSensitive}>
        <Segments
          label={text.showsSensitive}
          value={showsSensitive ? 'on' : 'off'}
          onChange={choose}
          options={[
            { value: 'off', label: text.off },
            { value: 'on', label: text.on },
          ]}
        />
      </Row>
    </Section>
  );
}
