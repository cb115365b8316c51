import { graphql, useFragment } from 'react-relay/hooks';
import type { EditList_list$key } from '~/__generated__/EditList_list.graphql';
import type { EditListMutation } from '~/__generated__/EditListMutation.graphql';
import { Dialog } from '~/design/Dialog';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { type ListDraft, ListForm } from './ListForm';

type Props = { list: EditList_list$key; open: boolean; onOpenChange: (open: boolean) => void };

/** Changes a list of one's own. */
export default function EditList({ list: key, open, onOpenChange }: Props) {
  const text = useText();
  const list = useFragment(
    graphql`
      fragment EditList_list on UserList {
        id
        name
        description
        isPrivate
        isExclusive
        replies
      }
    `,
    key,
  );
  const [act, busy] = useAction<EditListMutation>(graphql`
    mutation EditListMutation($input: UpdateListInput!) {
      updateList(input: $input) {
        list {
          id
          ...EditList_list
        }
        userErrors {
          code
          path
        }
      }
    }
  `);
  const { id, name, description, isPrivate, isExclusive, replies } = list;
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={text.lists.edit}>
      <ListForm
        draft={{
          name,
          description,
          isPrivate,
          isExclusive: Boolean(isExclusive),
          replies: replies as ListDraft['replies'],
        }}
        action={text.common.save}
        busy={busy}
        onSend={(draft, onRefused) =>
          act({ input: { userListId: id, ...draft }, onRefused, onDone: () => onOpenChange(false) })
        }
      />
    </Dialog>
  );
}
