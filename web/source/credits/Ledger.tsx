import { graphql, usePaginationFragment } from 'react-relay/hooks';
import type { Ledger_viewer$key } from '~/__generated__/Ledger_viewer.graphql';
import type { LedgerMoreQuery } from '~/__generated__/LedgerMoreQuery.graphql';
import { Button } from '~/design/Button';
import { useText } from '~/i18n/language';
import styles from './Ledger.module.css';
import { LedgerLine } from './LedgerLine';

const MORE = 50;

/** Every line of the viewer's ledger, newest first. */
export function Ledger({ viewer }: { viewer: Ledger_viewer$key }) {
  const text = useText();
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment<LedgerMoreQuery, Ledger_viewer$key>(
    graphql`
      fragment Ledger_viewer on Viewer
      @refetchable(queryName: "LedgerMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 30 }, after: { type: "String" }) {
        credits {
          entries(first: $first, after: $after) @connection(key: "Ledger_entries") {
            edges {
              node {
                id
                ...LedgerLine_entry
              }
            }
          }
        }
      }
    `,
    viewer,
  );
  const edges = data.credits.entries?.edges ?? [];
  if (!edges.length) return <p className={styles.none}>{text.credits.none}</p>;
  return (
    <>
      <ul className={styles.lines}>
        {edges.map(({ node }) => (
          <LedgerLine key={node.id} entry={node} />
        ))}
      </ul>
      {hasNext && (
        <Button look="quiet" busy={isLoadingNext} onClick={() => loadNext(MORE)}>
          {text.feed.loadMore}
        </Button>
      )}
    </>
  );
}
