import { useState } from 'react';
import { graphql, usePaginationFragment } from 'react-relay/hooks';
import type { Sessions_viewer$key } from '~/__generated__/Sessions_viewer.graphql';
import type { SessionsEndOthersMutation } from '~/__generated__/SessionsEndOthersMutation.graphql';
import type { SessionsMoreQuery } from '~/__generated__/SessionsMoreQuery.graphql';
import { Button } from '~/design/Button';
import Confirm from '~/design/Confirm';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { Section } from './Section';
import { SessionRow } from './SessionRow';
import styles from './Sessions.module.css';

/** Where one is signed in; each can be ended, or all others at once. */
export function Sessions({ viewer }: { viewer: Sessions_viewer$key }) {
  const text = useText();
  const { settings } = text;
  const [asking, setAsking] = useState(false);
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment<SessionsMoreQuery, Sessions_viewer$key>(
    graphql`
      fragment Sessions_viewer on Viewer
      @refetchable(queryName: "SessionsMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 10 }, after: { type: "String" }) {
        sessions(first: $first, after: $after) @connection(key: "Sessions_sessions") {
          __id
          edges {
            node {
              id
              isCurrent
              ...SessionRow_session
            }
          }
        }
      }
    `,
    viewer,
  );
  const [endOthers, busy] = useAction<SessionsEndOthersMutation>(graphql`
    mutation SessionsEndOthersMutation($input: RevokeOtherSessionsInput!, $connections: [ID!]!) {
      revokeOtherSessions(input: $input) {
        revokedSessionIds @deleteEdge(connections: $connections)
        userErrors {
          code
        }
      }
    }
  `);
  const edges = (data.sessions?.edges ?? []).filter((edge) => edge?.node);
  const connections = data.sessions ? [data.sessions.__id] : [];
  const ordered = [...edges].sort((a, b) => Number(b.node.isCurrent) - Number(a.node.isCurrent));
  return (
    <Section title={settings.sessions} text={settings.sessionsText}>
      <ul className={styles.list}>
        {ordered.map(({ node }) => (
          <SessionRow key={node.id} session={node} connections={connections} />
        ))}
      </ul>
      <div className={styles.buttons}>
        {hasNext && (
          <Button look="quiet" busy={isLoadingNext} onClick={() => loadNext(50)}>
            {text.feed.loadMore}
          </Button>
        )}
        {edges.length > 1 && (
          <Button look="danger" onClick={() => setAsking(true)}>
            {settings.endOthers}
          </Button>
        )}
      </div>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={settings.endOthersTitle}
        text={settings.endOthersText}
        action={settings.endOthers}
        busy={busy}
        onConfirm={() =>
          endOthers({
            input: {},
            variables: { connections },
            onDone: () => {
              setAsking(false);
              toast(settings.endedOthers);
            },
          })
        }
      />
    </Section>
  );
}
