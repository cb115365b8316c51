import { ComposeInline } from '~/compose/ComposeInline';
import { useText } from '~/i18n/language';
import { askToLogIn } from '~/session/ended';
import { useViewer } from '~/session/viewer';
import styles from './ConversationPage.module.css';

/** Where a reply is written: under the post. Who is nobody yet is led to the log-in. */
export function ReplySlot({ postId, mayReply, policy }: { postId: string; mayReply: boolean; policy: string }) {
  const text = useText();
  const limited: Record<string, string> = text.talk.limited;
  if (useViewer()) {
    if (mayReply) return <ComposeInline replyToId={postId} />;
    return limited[policy] ? <p className={styles.limited}>{limited[policy]}</p> : null;
  }
  return (
    <button type="button" className={styles.reply} onClick={() => askToLogIn()}>
      {text.conversation.write}
    </button>
  );
}
