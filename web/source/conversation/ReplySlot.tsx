import { ComposeInline } from '~/compose/ComposeInline';
import { useText } from '~/i18n/language';
import { askToLogIn } from '~/session/ended';
import { useViewer } from '~/session/viewer';
import styles from './ConversationPage.module.css';

/** Where a reply is written: under the post. Who is nobody yet is led to the log-in. */
export function ReplySlot({ postId, mayReply }: { postId: string; mayReply: boolean }) {
  const text = useText();
  if (useViewer()) return mayReply ? <ComposeInline replyToId={postId} /> : null;
  return (
    <button type="button" className={styles.reply} onClick={() => askToLogIn()}>
      {text.conversation.write}
    </button>
  );
}
