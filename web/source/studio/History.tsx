import { useEffect } from 'react';
import { graphql, usePaginationFragment } from 'react-relay/hooks';
import type { History_viewer$key } from '~/__generated__/History_viewer.graphql';
import type { HistoryMoreQuery } from '~/__generated__/HistoryMoreQuery.graphql';
import { Button } from '~/design/Button';
import { useText } from '~/i18n/language';
import { Empty } from '~/shell/Empty';
import { JobCard } from './JobCard';
import styles from './StudioPage.module.css';
import type { DEEDS, Wish } from './wish';

const MORE = 20;

type Props = {
  viewer: History_viewer$key;
  fresh: readonly string[];
  onConnection: (id: string) => void;
  onAgain: (wish: Wish) => void;
  onRetry: (jobId: string) => void;
  onIdea: (prompt: string) => void;
  onWork: (imageId: string, deed: (typeof DEEDS)[number]) => void;
  deeds: readonly (typeof DEEDS)[number][];
};

/** Everything the viewer had made, newest first; what goes on is alive. */
export function History({ viewer, fresh, onConnection, onAgain, onRetry, onIdea, onWork, deeds }: Props) {
  const text = useText();
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment<HistoryMoreQuery, History_viewer$key>(
    graphql`
      fragment History_viewer on Viewer
      @refetchable(queryName: "HistoryMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
        generationJobs(first: $first, after: $after) @connection(key: "History_generationJobs") {
          __id
          edges {
            node {
              id
              ...JobCard_job
            }
          }
        }
      }
    `,
    viewer,
  );
  const connection = data.generationJobs?.__id ?? '';
  useEffect(() => onConnection(connection), [connection, onConnection]);
  const edges = data.generationJobs?.edges ?? [];
  if (!edges.length) {
    return (
      <Empty title={text.studio.empty} text={text.studio.emptyText}>
        <div className={styles.ideas}>
          {text.studio.idea.map((idea) => (
            <button key={idea} type="button" className={styles.idea} onClick={() => onIdea(idea)}>
              {idea}
            </button>
          ))}
        </div>
      </Empty>
    );
  }
  return (
    <section aria-labelledby="history">
      <h2 id="history" className={styles.heading}>
        {text.studio.history}
      </h2>
      <ul className={styles.gallery}>
        {edges.map(({ node }) => (
          <JobCard
            key={node.id}
            job={node}
            fresh={fresh.includes(node.id)}
            onAgain={onAgain}
            onRetry={onRetry}
            onWork={onWork}
            deeds={deeds}
          />
        ))}
      </ul>
      {hasNext && (
        <div className={styles.more}>
          <Button look="quiet" busy={isLoadingNext} onClick={() => loadNext(MORE)}>
            {text.feed.loadMore}
          </Button>
        </div>
      )}
    </section>
  );
}
