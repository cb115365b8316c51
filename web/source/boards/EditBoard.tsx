import { graphql, useFragment } from 'react-relay/hooks';
import type { EditBoard_board$key } from '~/__generated__/EditBoard_board.graphql';
import type { EditBoardMutation } from '~/__generated__/EditBoardMutation.graphql';
import { Dialog } from '~/design/Dialog';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { type BoardDraft, BoardForm } from './BoardForm';

type Props = { board: EditBoard_board$key; open: boolean; onOpenChange: (open: boolean) => void };

/** Changes a board of one's own. */
export default function EditBoard({ board: key, open, onOpenChange }: Props) {
  const text = useText();
  const board = useFragment(
    graphql`
      fragment EditBoard_board on Board {
        id
        name
        description
        audience
      }
    `,
    key,
  );
  const [act, busy] = useAction<EditBoardMutation>(graphql`
    mutation EditBoardMutation($input: UpdateBoardInput!) {
      updateBoard(input: $input) {
        board {
          id
          ...EditBoard_board
        }
        userErrors {
          code
          path
        }
      }
    }
  `);
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={text.boards.edit}>
      <BoardForm
        draft={{ ...board, audience: board.audience as BoardDraft['audience'] }}
        action={text.common.save}
        busy={busy}
        onSend={(draft, onRefused) =>
          act({ input: { boardId: board.id, ...draft }, onRefused, onDone: () => onOpenChange(false) })
        }
      />
    </Dialog>
  );
}
