import { graphql, useFragment } from 'react-relay/hooks';
import type { Branches_step$key } from '~/__generated__/Branches_step.graphql';
import { useText } from '~/i18n/language';
import styles from './Lineage.module.css';
import { Step } from './Step';

/** What came of a picture, two hands deep; every picture leads to what came of it in turn. */
export function Branches({ step: key, onTurned }: { step: Branches_step$key; onTurned: () => void }) {
  const text = useText().lineage;
  const { post, branches } = useFragment(
    graphql`
      fragment Branches_step on LineageStep {
        post {
          author {
            id
          }
        }
        branches: remixes(first: 10) {
          pageInfo {
            hasNextPage
          }
          edges {
            cursor
            node {
              ...Step_step
              post {
                author {
                  id
                }
              }
              remixes(first: 5) {
                edges {
                  cursor
                  node {
                    ...Step_step
                  }
                }
              }
            }
          }
        }
      }
    `,
    key,
  );
  const first = branches?.edges ?? [];
  return (
    <section aria-label={text.below} className={styles.below}>
      <h2>{text.below}</h2>
      {first.length === 0 && <p className={styles.note}>{text.none}</p>}
      <ul className={styles.branches}>
        {first.map(({ cursor, node }) => (
          <li key={cursor}>
            <Step step={node} sourceAuthorId={post?.author.id} onTurned={onTurned} />
            <ul className={styles.branches}>
              {node.remixes?.edges.map((second) => (
                <li key={second.cursor}>
                  <Step step={second.node} sourceAuthorId={node.post?.author.id} onTurned={onTurned} />
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
      {branches?.pageInfo.hasNextPage && <p className={styles.note}>{text.rest}</p>}
    </section>
  );
}
