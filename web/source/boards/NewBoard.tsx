import { graphql } from 'react-relay/hooks';
import type { NewBoardMutation } from '~/__generated__/NewBoardMutation.graphql';
import { Dialog } from '~/design/Dialog';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { BoardForm } from './BoardForm';

type Props = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** The lists of boards that it goes on top of. */
  connections: readonly string[];
  onMade?: (id: string, name: string) => void;
};

const EMPTY = { name: '', description: '', audience: 'PRIVATE' } as const;

/** Makes a board. */
export default function NewBoard({ open, onOpenChange, connections, onMade }: Props) {
  const text = useText().boards;
  const [act, busy] = useAction<NewBoardMutation>(graphql`
    mutation NewBoardMutation($input: CreateBoardInput!, $connections: [ID!]!) {
      createBoard(input: $input) {
        board @prependNode(connections: $connections, edgeTypeName: "BoardEdge") {
          id
          name
          audience
          viewerCanAdd
          ...BoardTile_board
        }
        userErrors {
          code
          path
        }
      }
    }
  `);
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={text.makeTitle}>
      <BoardForm
        draft={EMPTY}
        action={text.create}
        busy={busy}
        onSend={(input, onRefused) =>
          act({
            input,
            variables: { connections: [...connections] },
            onRefused,
            onDone: ({ createBoard: { board } }) => {
              onOpenChange(false);
              if (board) onMade?.(board.id, board.name);
            },
          })
        }
      />
    </Dialog>
  );
}
