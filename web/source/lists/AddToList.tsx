import { Suspense, useState } from 'react';
import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import type { AddToListMutation } from '~/__generated__/AddToListMutation.graphql';
import type { AddToListQuery } from '~/__generated__/AddToListQuery.graphql';
import type { AddToListRemoveMutation } from '~/__generated__/AddToListRemoveMutation.graphql';
import styles from '~/boards/Boards.module.css';
import { Button } from '~/design/Button';
import { Dialog } from '~/design/Dialog';
import { Spinner } from '~/design/Spinner';
import { useText } from '~/i18n/language';
import { PATIENT } from '~/relay/network';
import { useAction } from '~/relay/useAction';
import NewList from './NewList';

type Props = { userId: string; handle: string; open: boolean; onOpenChange: (open: boolean) => void };

/** On which of one's lists a person stands; each can be ticked and taken off at once. They are not told. */
export default function AddToList({ userId, handle, open, onOpenChange }: Props) {
  const text = useText();
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={text.lists.addTitle(handle)}
      description={text.lists.privateHint}
    >
      <Suspense fallback={<Spinner label={text.common.loading} />}>
        <Choice userId={userId} />
      </Suspense>
    </Dialog>
  );
}

function Choice({ userId }: { userId: string }) {
  const text = useText().lists;
  const [making, setMaking] = useState(false);
  const { viewer } = useLazyLoadQuery<AddToListQuery>(
    graphql`
      query AddToListQuery($userId: ID!) {
        viewer {
          lists(first: 100) @connection(key: "AddToList_lists") {
            __id
            edges {
              node {
                id
                name
                isPrivate
                hasMember(userId: $userId)
              }
            }
          }
        }
      }
    `,
    { userId },
    { fetchPolicy: 'store-and-network', networkCacheConfig: PATIENT },
  );
  const [add] = useAction<AddToListMutation>(graphql`
    mutation AddToListMutation($input: AddToListInput!, $userId: ID!) {
      addToList(input: $input) {
        list {
          id
          memberCount
          hasMember(userId: $userId)
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [remove] = useAction<AddToListRemoveMutation>(graphql`
    mutation AddToListRemoveMutation($input: RemoveFromListInput!, $userId: ID!) {
      removeFromList(input: $input) {
        list {
          id
          memberCount
          hasMember(userId: $userId)
        }
        userErrors {
          code
        }
      }
    }
  `);
  const put = (userListId: string) =>
    add({
      input: { userListId, userId },
      variables: { userId },
      optimisticUpdater: (store) => store.get(userListId)?.setValue(true, 'hasMember', { userId }),
    });
  const take = (userListId: string) =>
    remove({
      input: { userListId, userId },
      variables: { userId },
      optimisticUpdater: (store) => store.get(userListId)?.setValue(false, 'hasMember', { userId }),
    });
  const lists = viewer?.lists;
  const edges = (lists?.edges ?? []).filter(({ node }) => node);
  return (
    <div className={styles.form}>
      {edges.length ? (
        <ul className={styles.choices}>
          {edges.map(({ node: { id, name, isPrivate, hasMember } }) => (
            <li key={id}>
              <label className={styles.check}>
                <input type="checkbox" checked={Boolean(hasMember)} onChange={() => (hasMember ? take(id) : put(id))} />
                <span>
                  <bdi>{name}</bdi>
                  <small>{isPrivate ? text.private : text.public}</small>
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
      {making && lists && <NewList open={making} onOpenChange={setMaking} connections={[lists.__id]} onMade={put} />}
    </div>
  );
}
