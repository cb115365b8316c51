import { Plus } from 'lucide-react';
import { Suspense, useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { Boards_viewer$key } from '~/__generated__/Boards_viewer.graphql';
import { Button } from '~/design/Button';
import { useText } from '~/i18n/language';
import { later } from '~/routing/later';
import styles from './Boards.module.css';
import { BoardTile } from './BoardTile';

const NewBoard = later(() => import('./NewBoard'));

/** One's boards, and those that are shared with one; one more. */
export function Boards({ viewer: key }: { viewer: Boards_viewer$key }) {
  const text = useText().boards;
  const [making, setMaking] = useState(false);
  const { boards } = useFragment(
    graphql`
      fragment Boards_viewer on Viewer {
        boards(first: 100) @connection(key: "Boards_boards") {
          __id
          edges {
            node {
              id
              ...BoardTile_board
            }
          }
        }
      }
    `,
    key,
  );
  const edges = (boards?.edges ?? []).filter(({ node }) => node);
  return (
    <section className={styles.boards} aria-labelledby="boards">
      <div className={styles.top}>
        <h2 id="boards">{text.title}</h2>
        <Button look="quiet" small onClick={() => setMaking(true)}>
          <Plus size={16} aria-hidden="true" />
          {text.make}
        </Button>
      </div>
      {edges.length ? (
        <ul className={styles.tiles}>
          {edges.map(({ node }) => (
            <li key={node.id}>
              <BoardTile board={node} />
            </li>
          ))}
        </ul>
      ) : (
        <p className={styles.none}>
          <strong>{text.none}</strong>
          {text.noneText}
        </p>
      )}
      <Suspense>
        {making && boards && <NewBoard open={making} onOpenChange={setMaking} connections={[boards.__id]} />}
      </Suspense>
    </section>
  );
}
