import { Suspense, useState } from 'react';
import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import type { AddToBoardMutation } from '~/__generated__/AddToBoardMutation.graphql';
import type { AddToBoardQuery } from '~/__generated__/AddToBoardQuery.graphql';
import type { AddToBoardRemoveMutation } from '~/__generated__/AddToBoardRemoveMutation.graphql';
import { Button } from '~/design/Button';
import { Dialog } from '~/design/Dialog';
import { Spinner } from '~/design/Spinner';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { PATIENT } from '~/relay/network';
import { useAction } from '~/relay/useAction';
import styles from './Boards.module.css';
import NewBoard from './NewBoard';

type Props = { postId: string; open: boolean; onOpenChange: (open: boolean) => void };

/** On which of one's boards a post is; each can be ticked and taken off at once. */
export default function AddToBoard({ postId, open, onOpenChange }: Props) {
  const text = useText();
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={text.boards.addTitle}>
      <Suspense fallback={<Spinner label={text.common.loading} />}>
        <Choice postId={postId} />
      </Suspense>
    </Dialog>
  );
}

function Choice({ postId }: { postId: string }) {
  const text = useText().boards;
  const [making, setMaking] = useState(false);
  const { viewer } = useLazyLoadQuery<AddToBoardQuery>(
    graphql`
      query AddToBoardQuery($postId: ID!) {
        viewer {
          boards(first: 100) @connection(key: "AddToBoard_boards") {
            __id
            edges {
              node {
                id
                name
                audience
                viewerCanAdd
                hasPost(postId: $postId)
              }
            }
          }
        }
      }
    `,
    { postId },
    { fetchPolicy: 'store-and-network', networkCacheConfig: PATIENT },
  );
  const [add] = useAction<AddToBoardMutation>(graphql`
    mutation AddToBoardMutation($input: AddToBoardInput!, $postId: ID!) {
      addToBoard(input: $input) {
        board {
          id
          hasPost(postId: $postId)
          ...BoardTile_board
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [remove] = useAction<AddToBoardRemoveMutation>(graphql`
    mutation AddToBoardRemoveMutation($input: RemoveFromBoardInput!, $postId: ID!) {
      removeFromBoard(input: $input) {
        board {
          id
          hasPost(postId: $postId)
          ...BoardTile_board
        }
        userErrors {
          code
        }
      }
    }
  `);
  const put = (boardId: string, name: string) =>
    add({
      input: { boardId, postId },
      variables: { postId },
      optimisticUpdater: (store) => store.get(boardId)?.setValue(true, 'hasPost', { postId }),
      onDone: () => toast(text.added(name)),
    });
  const take = (boardId: string, name: string) =>
    remove({
      input: { boardId, postId },
      variables: { postId },
      optimisticUpdater: (store) => store.get(boardId)?.setValue(false, 'hasPost', { postId }),
      onDone: () => toast(text.takenOff(name)),
    });
  const boards = viewer?.boards;
  const open = (boards?.edges ?? []).flatMap(({ node }) => (node?.viewerCanAdd ? [node] : []));
  return (
    <div className={styles.form}>
      {open.length ? (
        <ul className={styles.choices}>
          {open.map(({ id, name, audience, hasPost }) => (
            <li key={id}>
              <label className={styles.check}>
                <input
                  type="checkbox"
                  checked={Boolean(hasPost)}
                  onChange={() => (hasPost ? take(id, name) : put(id, name))}
                />
                <span>
                  <bdi>{name}</bdi>
                  <small>{text.audiences[audience as keyof typeof text.audiences]}</small>
                </span>
              </label>
            </li>
          ))}
        </ul>
      ) : (
        <p className={styles.none}>{text.noneText}</p>
      )}
      <div className={styles.buttons}>
        <Button look="quiet" onClick={() => setMaking(true)}>
          {text.make}
        </Button>
      </div>
      {making && boards && <NewBoard open={making} onOpenChange={setMaking} connections={[boards.__id]} onMade={put} />}
    </div>
  );
}
