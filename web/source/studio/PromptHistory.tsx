import { Search, Trash2 } from 'lucide-react';
import { Suspense, useDeferredValue, useState } from 'react';
import { graphql, useLazyLoadQuery, usePaginationFragment } from 'react-relay/hooks';
import type { PromptHistory_viewer$key } from '~/__generated__/PromptHistory_viewer.graphql';
import type { PromptHistoryDeleteMutation } from '~/__generated__/PromptHistoryDeleteMutation.graphql';
import type { PromptHistoryMoreQuery } from '~/__generated__/PromptHistoryMoreQuery.graphql';
import type { PromptHistoryQuery } from '~/__generated__/PromptHistoryQuery.graphql';
import { Button } from '~/design/Button';
import { Dialog } from '~/design/Dialog';
import { Field } from '~/design/Field';
import { IconButton } from '~/design/IconButton';
import { Spinner } from '~/design/Spinner';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import styles from './PromptHistory.module.css';

const MORE = 20;
const LONGEST_SEARCH = 200;

type Props = { onPick: (words: string) => void; onClose: () => void };

/** What somebody asked for before, to be asked for again: searched by its words, forgotten one by one. */
export default function PromptHistory({ onPick, onClose }: Props) {
  const text = useText();
  const [typed, setTyped] = useState('');
  const query = useDeferredValue(typed.trim());
  return (
    <Dialog open onOpenChange={onClose} title={text.studio.past}>
      <Field
        label={text.studio.searchPast}
        type="search"
        maxLength={LONGEST_SEARCH}
        value={typed}
        start={<Search aria-hidden="true" />}
        onChange={({ target: { value } }) => setTyped(value)}
      />
      <div className={styles.list} aria-busy={query !== typed.trim()}>
        <Suspense fallback={<Spinner label={text.common.loading} />}>
          <Found query={query} onPick={onPick} />
        </Suspense>
      </div>
    </Dialog>
  );
}

function Found({ query, onPick }: { query: string; onPick: (words: string) => void }) {
  const { viewer } = useLazyLoadQuery<PromptHistoryQuery>(
    graphql`
      query PromptHistoryQuery($query: String!) {
        viewer {
          ...PromptHistory_viewer @arguments(query: $query)
        }
      }
    `,
    { query },
    { fetchPolicy: 'store-and-network' },
  );
  return viewer && <List viewer={viewer} onPick={onPick} />;
}

function List({ viewer, onPick }: { viewer: PromptHistory_viewer$key; onPick: (words: string) => void }) {
  const text = useText();
  const format = useFormat();
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment<
    PromptHistoryMoreQuery,
    PromptHistory_viewer$key
  >(
    graphql`
      fragment PromptHistory_viewer on Viewer
      @refetchable(queryName: "PromptHistoryMoreQuery")
      @argumentDefinitions(
        query: { type: "String", defaultValue: "" }
        first: { type: "Int", defaultValue: 20 }
        after: { type: "String" }
      ) {
        promptHistory(query: $query, first: $first, after: $after) @connection(key: "PromptHistory_promptHistory") {
          __id
          edges {
            node {
              id
              text
              lastUsedAt
            }
          }
        }
      }
    `,
    viewer,
  );
  const [act] = useAction<PromptHistoryDeleteMutation>(graphql`
    mutation PromptHistoryDeleteMutation($input: DeletePastPromptInput!, $connections: [ID!]!) {
      deletePastPrompt(input: $input) {
        deletedPromptId @deleteEdge(connections: $connections)
        userErrors {
          code
        }
      }
    }
  `);
  const connections = data.promptHistory?.__id ? [data.promptHistory.__id] : [];
  const edges = data.promptHistory?.edges ?? [];
  if (!edges.length) return <p className={styles.none}>{text.studio.noPast}</p>;
  return (
    <>
      <ul>
        {edges.map(({ node }) => (
          <li key={node.id} className={styles.one}>
            <button type="button" className={styles.words} dir="auto" onClick={() => onPick(node.text)}>
              {node.text}
            </button>
            <time className={styles.when} dateTime={node.lastUsedAt}>
              {format.ago(node.lastUsedAt)}
            </time>
            <IconButton
              label={text.studio.forget}
              icon={<Trash2 />}
              onClick={() => act({ input: { promptId: node.id }, variables: { connections } })}
            />
          </li>
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
