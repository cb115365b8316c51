import { Copy, EyeOff, Flag, MoreHorizontal, Pencil, Trash2 } from 'lucide-react';
import { Suspense, useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { Message_message$key } from '~/__generated__/Message_message.graphql';
import type { MessageDeleteMutation } from '~/__generated__/MessageDeleteMutation.graphql';
import type { MessageHideMutation } from '~/__generated__/MessageHideMutation.graphql';
import { IconButton } from '~/design/IconButton';
import { Menu, MenuItem, MenuLine } from '~/design/Menu';
import { toast } from '~/design/Toast';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { later } from '~/routing/later';
import { places } from '~/routing/places';
import { useViewer } from '~/session/viewer';
import { editing } from './editing';
import { noticeOf } from './gist';
import styles from './Message.module.css';
import { MessageText } from './MessageText';
import { Reactions } from './Reactions';
import { SharedParts } from './SharedParts';
import { logOf } from './useChatsLive';

const ReportDialog = later(() => import('~/report/ReportDialog'));
const Confirm = later(() => import('~/design/Confirm'));

/** One message, or the notice of what was done with a group. */
export function Message({
  message: key,
  named,
  veiled,
}: {
  message: Message_message$key;
  /** Whether its sender's name stands above. */
  named: boolean;
  /** Whether its pictures are covered until they are asked for. */
  veiled: boolean;
}) {
  const all = useText();
  const text = all.letters;
  const format = useFormat();
  const viewerId = useViewer()?.id ?? '';
  const [asking, setAsking] = useState(false);
  const [reporting, setReporting] = useState(false);
  const message = useFragment(
    graphql`
      fragment Message_message on DirectMessage {
        id
        kind
        text
        createdAt
        editedAt
        isDeleted
        sender {
          id
          handle
          displayName
        }
        subject {
          id
          displayName
        }
        chat {
          id
          viewerCanWrite
          viewerHasAccepted
        }
        ...MessageText_message
        ...Reactions_message
        ...SharedParts_message
      }
    `,
    key,
  );
  const [remove, removing] = useAction<MessageDeleteMutation>(graphql`
    mutation MessageDeleteMutation($input: DeleteMessageInput!) {
      deleteMessage(input: $input) {
        message {
          id
          ...Message_message
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [hide] = useAction<MessageHideMutation>(graphql`
    mutation MessageHideMutation($input: HideMessageInput!) {
      hideMessage(input: $input) {
        hiddenMessageId
        userErrors {
          code
        }
      }
    }
  `);
  if (message.kind !== 'TEXT') return <p className={styles.notice}>{noticeOf(message, viewerId, text)}</p>;
  const own = message.sender?.id === viewerId;
  const name = own ? text.you : (message.sender?.displayName ?? text.gone);
  const mayWrite = message.chat?.viewerCanWrite && message.chat.viewerHasAccepted;
  const input = { messageId: message.id };
  const chatId = message.chat?.id ?? '';
  const copy = async () => {
    await navigator.clipboard.writeText(message.text);
    toast(text.copied);
  };
  return (
    <div className={styles.message} data-own={own || undefined} data-message={message.id}>
      {named && !own && message.sender && (
        <Link to={places.person(message.sender.handle)} className={styles.sender}>
          <bdi>{message.sender.displayName}</bdi>
        </Link>
      )}
      <div className={styles.line}>
        {message.isDeleted ? (
          <p className={styles.deleted}>{text.deleted}</p>
        ) : (
          <div className={styles.bubble}>
            <SharedParts message={message} veiled={veiled && !own} />
            <MessageText message={message} />
          </div>
        )}
        <span className={styles.tools}>
          <Menu label={text.of(name)} trigger={<IconButton label={text.of(name)} icon={<MoreHorizontal />} />}>
            {message.text && (
              <MenuItem icon={<Copy />} onSelect={() => void copy()}>
                {text.copy}
              </MenuItem>
            )}
            {own && !message.isDeleted && mayWrite && (
              <MenuItem
                icon={<Pencil />}
                onSelect={() => editing.set({ chatId, messageId: message.id, text: message.text })}
              >
                {text.edit}
              </MenuItem>
            )}
            <MenuLine />
            <MenuItem
              icon={<EyeOff />}
              onSelect={() =>
                hide({
                  input,
                  updater: (store) => {
                    const log = logOf(store, chatId);
                    const edges = log?.getLinkedRecords('edges') ?? [];
                    log?.setLinkedRecords(
                      edges.filter((one) => one?.getLinkedRecord('node')?.getDataID() !== message.id),
                      'edges',
                    );
                  },
                })
              }
            >
              {text.deleteMine}
            </MenuItem>
            {!own && !message.isDeleted && message.sender && (
              <MenuItem icon={<Flag />} onSelect={() => setReporting(true)}>
                {all.reporting.report}
              </MenuItem>
            )}
            {own && !message.isDeleted && (
              <MenuItem icon={<Trash2 />} danger onSelect={() => setAsking(true)}>
                {text.deleteAll}
              </MenuItem>
            )}
          </Menu>
        </span>
      </div>
      <div className={styles.foot}>
        {!message.isDeleted && <Reactions message={message} mayReact={Boolean(mayWrite)} />}
        <time className={styles.when} dateTime={message.createdAt} title={format.moment(message.createdAt)}>
          {new Date(message.createdAt).toTimeString().slice(0, 5)}
          {message.editedAt && ` · ${text.edited}`}
        </time>
      </div>
      <Suspense>
        {reporting && (
          <ReportDialog subject={{ kind: 'message', id: message.id }} onClose={() => setReporting(false)} />
        )}
        {asking && (
          <Confirm
            open
            onOpenChange={setAsking}
            title={text.deleteAllTitle}
            text={text.deleteAllText}
            action={text.deleteAll}
            busy={removing}
            onConfirm={() => remove({ input, onDone: () => setAsking(false) })}
          />
        )}
      </Suspense>
    </div>
  );
}
