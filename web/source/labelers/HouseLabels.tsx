import { graphql, useRelayEnvironment } from 'react-relay/hooks';
import type { HouseLabelsMutation } from '~/__generated__/HouseLabelsMutation.graphql';
import { fetchViewing } from '~/ai/fetchViewing';
import { Segments } from '~/design/Segments';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { Row, Section } from '~/settings/Section';
import { labelerWords } from './words';

const VALUES = ['ADULT', 'GRAPHIC', 'MISLEADING', 'DEEPFAKE', 'SPAM', 'UNVERIFIED'];

/** Which labels of moderators hide a post. */
export function HouseLabels({ hidden }: { hidden: readonly string[] }) {
  const words = labelerWords.useText();
  const names = useText().reporting.labels;
  const environment = useRelayEnvironment();
  const [act] = useAction<HouseLabelsMutation>(graphql`
    mutation HouseLabelsMutation($input: UpdateViewingInput!) {
      updateViewing(input: $input) {
        viewer {
          viewing {
            hiddenLabels
          }
        }
        userErrors {
          code
        }
      }
    }
  `);
  const settle = (value: string, choice: 'WARN' | 'HIDE') => {
    const others = hidden.filter((one) => one !== value);
    act({
      input: { hiddenLabels: choice === 'HIDE' ? [...others, value] : others },
      onDone: () => void fetchViewing(environment),
    });
  };
  return (
    <Section title={words.house} text={words.houseText}>
      {VALUES.map((value) => (
        <Row key={value} label={names[value] ?? value}>
          <Segments
            label={names[value] ?? value}
            value={hidden.includes(value) ? 'HIDE' : 'WARN'}
            onChange={(choice) => settle(value, choice)}
            options={[
              { value: 'WARN', label: words.houseChoices.WARN },
              { value: 'HIDE', label: words.houseChoices.HIDE },
            ]}
          />
        </Row>
      ))}
    </Section>
  );
}
