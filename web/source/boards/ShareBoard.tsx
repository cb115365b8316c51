import { X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { fetchQuery, graphql, useFragment, useRelayEnvironment } from 'react-relay/hooks';
import type { ShareBoard_board$key } from '~/__generated__/ShareBoard_board.graphql';
import type { ShareBoardMutation } from '~/__generated__/ShareBoardMutation.graphql';
import type { ShareBoardPersonQuery } from '~/__generated__/ShareBoardPersonQuery.graphql';
import type { ShareBoardRemoveMutation } from '~/__generated__/ShareBoardRemoveMutation.graphql';
import { Avatar } from '~/design/Avatar';
import { Button } from '~/design/Button';
import { Dialog } from '~/design/Dialog';
import { Field } from '~/design/Field';
import { IconButton } from '~/design/IconButton';
import { useText } from '~/i18n/language';
import { codeText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import styles from './Boards.module.css';

type Props = { board: ShareBoard_board$key; open: boolean; onOpenChange: (open: boolean) => void };

const PERSON = graphql`
  query ShareBoardPersonQuery($handle: String!) {
    user(handle: $handle) {
      id
    }
  }
`;

/** Whom a board is shared with. */
export default function ShareBoard({ board: key, open, onOpenChange }: Props) {
  const text = useText();
  const words = text.boards;
  const environment = useRelayEnvironment();
  const [handle, setHandle] = useState('');
  const [refused, setRefused] = useState<string>();
  const board = useFragment(
    graphql`
      fragment ShareBoard_board on Board {
        id
        members {
          id
          handle
          displayName
          avatar {
            url(size: SMALL)
          }
        }
      }
    `,
    key,
  );
  const [share, busy] = useAction<ShareBoardMutation>(graphql`
    mutation ShareBoardMutation($input: ShareBoardInput!) {
      shareBoard(input: $input) {
        board {
          id
          ...ShareBoard_board
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [remove] = useAction<ShareBoardRemoveMutation>(graphql`
    mutation ShareBoardRemoveMutation($input: UnshareBoardInput!) {
      unshareBoard(input: $input) {
        board {
          id
          ...ShareBoard_board
        }
        userErrors {
          code
        }
      }
    }
  `);
  const invite = async (event: FormEvent) => {
    event.preventDefault();
    setRefused(undefined);
    const found = await fetchQuery<ShareBoardPersonQuery>(environment, PERSON, { handle: handle.trim() })
      .toPromise()
      .catch(() => undefined);
    if (!found?.user) return setRefused(words.nobody);
    share({
      input: { boardId: board.id, userId: found.user.id },
      onDone: () => setHandle(''),
      onRefused: ([first]) => setRefused(codeText(text, first?.code ?? 'OTHER')),
    });
  };
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={words.shareTitle} description={words.shareText}>
      <form className={styles.form} onSubmit={(event) => void invite(event)} noValidate>
        <Field
          label={words.handle}
          error={refused}
          value={handle}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={31}
          onChange={({ target: { value } }) => setHandle(value)}
        />
        <div className={styles.buttons}>
          <Button type="submit" busy={busy} disabled={!handle.trim()}>
            {words.invite}
          </Button>
        </div>
      </form>
      <ul>
        {board.members.map((person) => (
          <li key={person.id} className={styles.person}>
            <Avatar handle={person.handle} name={person.displayName} url={person.avatar?.url} size="small" />
            <span>
              <bdi>{person.displayName}</bdi> @{person.handle}
            </span>
            <IconButton
              label={words.removePerson(person.handle)}
              icon={<X />}
              onClick={() => remove({ input: { boardId: board.id, userId: person.id } })}
            />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
