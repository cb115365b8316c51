import { LogOut, MoreHorizontal, Pencil, Trash2, UserPlus } from 'lucide-react';
import { Suspense, useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import { useNavigate } from 'react-router';
import type { BoardMenu_board$key } from '~/__generated__/BoardMenu_board.graphql';
import type { BoardMenuDeleteMutation } from '~/__generated__/BoardMenuDeleteMutation.graphql';
import type { BoardMenuLeaveMutation } from '~/__generated__/BoardMenuLeaveMutation.graphql';
import { IconButton } from '~/design/IconButton';
import { Menu, MenuItem, MenuLine } from '~/design/Menu';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { later } from '~/routing/later';
import { places } from '~/routing/places';
import { useViewer } from '~/session/viewer';

const Confirm = later(() => import('~/design/Confirm'));
const EditBoard = later(() => import('./EditBoard'));
const ShareBoard = later(() => import('./ShareBoard'));

/** What one can do with a board as a whole. */
export function BoardMenu({ board: key }: { board: BoardMenu_board$key }) {
  const text = useText();
  const words = text.boards;
  const viewer = useViewer();
  const navigate = useNavigate();
  const [open, setOpen] = useState<'edit' | 'share' | 'delete' | null>(null);
  const board = useFragment(
    graphql`
      fragment BoardMenu_board on Board {
        id
        viewerIsOwner
        viewerCanAdd
        ...EditBoard_board
        ...ShareBoard_board
      }
    `,
    key,
  );
  const [remove, removing] = useAction<BoardMenuDeleteMutation>(graphql`
    mutation BoardMenuDeleteMutation($input: DeleteBoardInput!) {
      deleteBoard(input: $input) {
        deletedBoardId @deleteRecord
        userErrors {
          code
        }
      }
    }
  `);
  const [leave] = useAction<BoardMenuLeaveMutation>(graphql`
    mutation BoardMenuLeaveMutation($input: UnshareBoardInput!) {
      unshareBoard(input: $input) {
        userErrors {
          code
        }
      }
    }
  `);
  const away = () => void navigate(places.bookmarks);
  const close = (shown: boolean) => {
    if (!shown) setOpen(null);
  };
  return (
    <>
      <Menu label={text.common.more} trigger={<IconButton label={text.common.more} icon={<MoreHorizontal />} />}>
        {board.viewerIsOwner ? (
          <>
            <MenuItem icon={<Pencil />} onSelect={() => setOpen('edit')}>
              {words.edit}
            </MenuItem>
            <MenuItem icon={<UserPlus />} onSelect={() => setOpen('share')}>
              {words.share}
            </MenuItem>
            <MenuLine />
            <MenuItem icon={<Trash2 />} danger onSelect={() => setOpen('delete')}>
              {words.delete}
            </MenuItem>
          </>
        ) : (
          <MenuItem
            icon={<LogOut />}
            danger
            onSelect={() => leave({ input: { boardId: board.id, userId: viewer?.id }, onDone: away })}
          >
            {words.leave}
          </MenuItem>
        )}
      </Menu>
      <Suspense>
        {open === 'edit' && <EditBoard board={board} open onOpenChange={close} />}
        {open === 'share' && <ShareBoard board={board} open onOpenChange={close} />}
        {open === 'delete' && (
          <Confirm
            open
            onOpenChange={close}
            title={words.deleteTitle}
            text={words.deleteText}
            action={words.delete}
            busy={removing}
            onConfirm={() => remove({ input: { boardId: board.id }, onDone: away })}
          />
        )}
      </Suspense>
    </>
  );
}
