import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import type { HappenedQuery } from '~/__generated__/HappenedQuery.graphql';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { PATIENT } from '~/relay/network';
import styles from './Happened.module.css';
import { lineOf, paceOf } from './line';

/** What happened to a job of the viewer's own, from asking to its end; suspends until it is known. */
export function Happened({ jobId }: { jobId: string }) {
  const text = useText().happened;
  const format = useFormat();
  const { node } = useLazyLoadQuery<HappenedQuery>(
    graphql`
      query HappenedQuery($id: ID!) {
        node(id: $id) {
          __typename
          ... on GenerationJob {
            timeline(first: 100) {
              edges {
                node {
                  sequence
                  at
                  kind
                  attempt
                  outputIndex
                  state
                  until
                  credits
                  failure {
                    code
                  }
                }
              }
            }
          }
        }
      }
    `,
    { id: jobId },
    { fetchPolicy: 'network-only', networkCacheConfig: PATIENT },
  );
  const lines = node?.__typename === 'GenerationJob' ? (node.timeline?.edges ?? []).map((edge) => edge.node) : [];
  const [first] = lines;
  return (
    <ol className={styles.lines}>
      {lines.map((line) => {
        const { what, more } = lineOf(line, text, format);
        return (
          <li key={line.sequence} data-kind={line.kind} className={styles.line}>
            <span className={styles.what}>{what}</span>
            {more.map((one) => (
              <span key={one} className={styles.more}>
                {one}
              </span>
            ))}
            <time dateTime={line.at} title={format.moment(line.at)} className={styles.when}>
              {line === first ? format.moment(line.at) : paceOf(first?.at ?? line.at, line.at, format)}
            </time>
          </li>
        );
      })}
    </ol>
  );
}
