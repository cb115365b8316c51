import { graphql } from 'react-relay/hooks';
import type { NewListMutation } from '~/__generated__/NewListMutation.graphql';
import { Dialog } from '~/design/Dialog';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { type ListDraft, ListForm } from './ListForm';

type Props = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** The lists of lists that it goes on top of. */
  connections: readonly string[];
  onMade?: (id: string) => void;
};

const EMPTY: ListDraft = { name: '', description: '', isPrivate: true, isExclusive: false, replies: 'LIST' };

/** Makes a list. */
export default function NewList({ open, onOpenChange, connections, onMade }: Props) {
  const text = useText().lists;
  const [act, busy] = useAction<NewListMutation>(graphql`
    mutation NewListMutation($input: CreateListInput!, $connections: [ID!]!) {
      createList(input: $input) {
        list @prependNode(connections: $connections, edgeTypeName: "UserListEdge") {
          id
          name
          description
          isPrivate
          isExclusive
          memberCount
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
      <ListForm
        draft={EMPTY}
        action={text.create}
        busy={busy}
        onSend={(input, onRefused) =>
          act({
            input,
            variables: { connections: [...connections] },
            onRefused,
            onDone: ({ createList: { list } }) => {
              onOpenChange(false);
              if (list) onMade?.(list.id);
            },
          })
        }
      />
    </Dialog>
  );
}
