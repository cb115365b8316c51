import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import type { DeclaredQuery } from '~/__generated__/DeclaredQuery.graphql';
import { AiMark } from '~/ai/AiMark';
import { wholeOf } from '~/ai/disclosure';
import { useText } from '~/i18n/language';
import { PATIENT } from '~/relay/network';
import styles from './Declared.module.css';
import { DECLARATIONS, type Declaration } from './draft';

type Props = { id: string; number: number; value: Declaration | null; onChange: (value: Declaration | null) => void };

/** What a picture of a draft owes to AI: as it is known or was read from its file, else as its author says. */
export function Declared({ id, number, value, onChange }: Props) {
  const text = useText();
  const { labels } = text;
  const { node } = useLazyLoadQuery<DeclaredQuery>(
    graphql`
      query DeclaredQuery($id: ID!) {
        node(id: $id) {
          __typename
          ... on Image {
            id
            aiDisclosure {
              kind
              basis
            }
          }
        }
      }
    `,
    { id },
    { fetchPolicy: 'store-or-network', networkCacheConfig: PATIENT },
  );
  if (node?.__typename !== 'Image') return null;
  if (node.aiDisclosure)
    return (
      <p className={styles.known}>
        <AiMark disclosure={node.aiDisclosure} inline told /> {wholeOf(node.aiDisclosure, text)}
      </p>
    );
  return (
    <select
      className={styles.choice}
      aria-label={labels.declare(number)}
      value={value ?? 'none'}
      onChange={({ target }) => onChange(DECLARATIONS.find((one) => one === target.value) ?? null)}
    >
      {['none', ...DECLARATIONS].map((one) => (
        <option key={one} value={one}>
          {labels.declared[one]}
        </option>
      ))}
    </select>
  );
}
