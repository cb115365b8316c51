import { compose } from '~/compose/open';
import { Avatar } from '~/design/Avatar';
import { useText } from '~/i18n/language';
import { askToLogIn } from '~/session/ended';
import { useViewer } from '~/session/viewer';
import styles from './ConversationPage.module.css';

/** Where a reply begins: under the post. */
export function ReplySlot({ postId, mayReply }: { postId: string; mayReply: boolean }) {
  const text = useText();
  const viewer = useViewer();
  if (viewer && !mayReply) return null;
  return (
    <button
      type="button"
      className={styles.reply}
      onClick={() => (viewer ? compose({ replyToId: postId }) : askToLogIn())}
    >
      {viewer && <Avatar handle={viewer.handle} name={viewer.displayName} url={viewer.avatarUrl} />}
      {text.conversation.write}
    </button>
  );
}
