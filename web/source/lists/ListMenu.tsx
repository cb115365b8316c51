import { MoreHorizontal, Pencil, Trash2 } from 'lucide-react';
import { Suspense, useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import { useNavigate } from 'react-router';
import type { ListMenu_list$key } from '~/__generated__/ListMenu_list.graphql';
import type { ListMenuDeleteMutation } from '~/__generated__/ListMenuDeleteMutation.graphql';
import { IconButton } from '~/design/IconButton';
import { Menu, MenuItem, MenuLine } from '~/design/Menu';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { later } from '~/routing/later';
import { places } from '~/routing/places';

const Confirm = later(() => import('~/design/Confirm'));
const EditList = later(() => import('./EditList'));

/** What the owner of a list can do with it as a whole. */
export function ListMenu({ list: key }: { list: ListMenu_list$key }) {
  const text = useText();
  const words = text.lists;
  const navigate = useNavigate();
  const [open, setOpen] = useState<'edit' | 'delete' | null>(null);
  const list = useFragment(
    graphql`
      fragment ListMenu_list on UserList {
        id
        ...EditList_list
      }
    `,
    key,
  );
  const [remove, removing] = useAction<ListMenuDeleteMutation>(graphql`
    mutation ListMenuDeleteMutation($input: DeleteListInput!) {
      deleteList(input: $input) {
        deletedListId @deleteRecord
        userErrors {
          code
        }
      }
    }
  `);
  const close = (shown: boolean) => {
    if (!shown) setOpen(null);
  };
  return (
    <>
      <Menu label={text.common.more} trigger={<IconButton label={text.common.more} icon={<MoreHorizontal />} />}>
        <MenuItem icon={<Pencil />} onSelect={() => setOpen('edit')}>
          {words.edit}
        </MenuItem>
        <MenuLine />
        <MenuItem icon={<Trash2 />} danger onSelect={() => setOpen('delete')}>
          {words.delete}
        </MenuItem>
      </Menu>
      <Suspense>
        {open === 'edit' && <EditList list={list} open onOpenChange={close} />}
        {open === 'delete' && (
          <Confirm
            open
            onOpenChange={close}
            title={words.deleteTitle}
            text={words.deleteText}
            action={words.delete}
            busy={removing}
            onConfirm={() => remove({ input: { userListId: list.id }, onDone: () => void navigate(places.lists) })}
          />
        )}
      </Suspense>
    </>
  );
}
