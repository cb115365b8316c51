import { Crown, MoreHorizontal, UserMinus } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import type { GroupDialogAddMutation } from '~/__generated__/GroupDialogAddMutation.graphql';
import type { GroupDialogAdminMutation } from '~/__generated__/GroupDialogAdminMutation.graphql';
import type { GroupDialogQuery } from '~/__generated__/GroupDialogQuery.graphql';
import type { GroupDialogRemoveMutation } from '~/__generated__/GroupDialogRemoveMutation.graphql';
import type { GroupDialogRenameMutation } from '~/__generated__/GroupDialogRenameMutation.graphql';
import type { Suggestion } from '~/compose/useMentions';
import { Avatar } from '~/design/Avatar';
import { Button } from '~/design/Button';
import { Dialog } from '~/design/Dialog';
import { Field } from '~/design/Field';
import { IconButton } from '~/design/IconButton';
import { Menu, MenuItem } from '~/design/Menu';
import { useText } from '~/i18n/language';
import { codeText, type Refusal } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { useViewer } from '~/session/viewer';
import { PeoplePicker } from './PeoplePicker';
import styles from './PeoplePicker.module.css';

const LONGEST_NAME = 60;

/** A group: its name and who is in it, to change for who leads it; anybody may add people. */
export default function GroupDialog({ chatId, onClose }: { chatId: string; onClose: () => void }) {
  const all = useText();
  const text = all.letters;
  const viewerId = useViewer()?.id;
  const { node: chat } = useLazyLoadQuery<GroupDialogQuery>(
    graphql`
      query GroupDialogQuery($id: ID!) {
        node(id: $id) {
          __typename
          ... on Chat {
            id
            name
            viewerIsAdmin
            viewerHasAccepted
            members {
              isAdmin
              hasJoined
              user {
                id
                handle
                displayName
                avatar {
                  url(size: SMALL)
                }
              }
            }
            ...ChatHead_chat
          }
        }
      }
    `,
    { id: chatId },
    { fetchPolicy: 'store-and-network' },
  );
  const [name, setName] = useState<string>();
  const [people, setPeople] = useState<readonly Suggestion[]>([]);
  const [problem, setProblem] = useState<string>();
  const [rename, renaming] = useAction<GroupDialogRenameMutation>(graphql`
    mutation GroupDialogRenameMutation($input: RenameChatInput!) {
      renameChat(input: $input) {
        chat {
          id
          ...ChatHead_chat
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [add, adding] = useAction<GroupDialogAddMutation>(graphql`
    mutation GroupDialogAddMutation($input: AddChatMembersInput!) {
      addChatMembers(input: $input) {
        chat {
          id
          members {
            isAdmin
            hasJoined
          }
          ...ChatHead_chat
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [remove] = useAction<GroupDialogRemoveMutation>(graphql`
    mutation GroupDialogRemoveMutation($input: RemoveChatMemberInput!) {
      removeChatMember(input: $input) {
        chat {
          id
          members {
            isAdmin
            hasJoined
          }
          ...ChatHead_chat
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [lead] = useAction<GroupDialogAdminMutation>(graphql`
    mutation GroupDialogAdminMutation($input: SetChatAdminInput!) {
      setChatAdmin(input: $input) {
        chat {
          id
          viewerIsAdmin
          members {
            isAdmin
            hasJoined
          }
          ...ChatHead_chat
        }
        userErrors {
          code
        }
      }
    }
  `);
  if (chat?.__typename !== 'Chat') return null;
  const onRefused = ([first]: readonly Refusal[]) =>
    setProblem(first?.code === 'FORBIDDEN' ? text.cannotAdd : codeText(all, first?.code ?? 'OTHER'));
  const save = (event: FormEvent) => {
    event.preventDefault();
    rename({ input: { chatId, name: name ?? chat.name }, onRefused });
  };
  const join = (event: FormEvent) => {
    event.preventDefault();
    setProblem(undefined);
    const userIds = people.map(({ id }) => id);
    add({ input: { chatId, userIds }, onRefused, onDone: () => setPeople([]) });
  };
  return (
    <Dialog open onOpenChange={onClose} title={text.settings} closesOutside={false}>
      <div className={styles.form}>
        {chat.viewerIsAdmin && (
          <form className={styles.form} onSubmit={save}>
            <Field
              label={text.groupName}
              value={name ?? chat.name}
              maxLength={LONGEST_NAME}
              onChange={({ target: { value } }) => setName(value)}
            />
            <div className={styles.end}>
              <Button type="submit" look="quiet" busy={renaming} disabled={name === undefined || name === chat.name}>
                {text.rename}
              </Button>
            </div>
          </form>
        )}
        <ul className={styles.members} aria-label={text.members(chat.members.length)}>
          {chat.members.map(
            ({ user, isAdmin, hasJoined }) =>
              user && (
                <li key={user.id} className={styles.member}>
                  <Avatar handle={user.handle} name={user.displayName} url={user.avatar?.url} size="small" />
                  <span>
                    <bdi>{user.displayName}</bdi>{' '}
                    <span className={styles.note}>
                      @{user.handle}
                      {isAdmin && ` · ${text.admin}`}
                      {!hasJoined && ` · ${text.invited}`}
                    </span>
                  </span>
                  {chat.viewerIsAdmin && user.id !== viewerId && (
                    <Menu
                      label={text.memberOptions(user.displayName)}
                      trigger={<IconButton label={text.memberOptions(user.displayName)} icon={<MoreHorizontal />} />}
                    >
                      {hasJoined && (
                        <MenuItem
                          icon={<Crown />}
                          onSelect={() => lead({ input: { chatId, userId: user.id, isAdmin: !isAdmin } })}
                        >
                          {isAdmin ? text.unmakeAdmin : text.makeAdmin}
                        </MenuItem>
                      )}
                      <MenuItem
                        icon={<UserMinus />}
                        danger
                        onSelect={() => remove({ input: { chatId, userId: user.id } })}
                      >
                        {text.removeMember}
                      </MenuItem>
                    </Menu>
                  )}
                </li>
              ),
          )}
        </ul>
        {chat.viewerHasAccepted && (
          <form className={styles.form} onSubmit={join}>
            <h3>{text.add}</h3>
            <PeoplePicker
              chosen={people}
              onChange={setPeople}
              without={chat.members.flatMap(({ user }) => (user ? [user.id] : []))}
            />
            {problem && (
              <p className={styles.problem} role="alert">
                {problem}
              </p>
            )}
            <div className={styles.end}>
              <Button type="submit" busy={adding} disabled={!people.length}>
                {text.addButton}
              </Button>
            </div>
          </form>
        )}
      </div>
    </Dialog>
  );
}
