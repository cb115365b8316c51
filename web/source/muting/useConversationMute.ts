import { graphql } from 'react-relay/hooks';
import type { useConversationMuteMutation } from '~/__generated__/useConversationMuteMutation.graphql';
import type { useConversationMuteUndoMutation } from '~/__generated__/useConversationMuteUndoMutation.graphql';
import { toast } from '~/design/Toast';
import { words } from '~/i18n/language';
import { useAction } from '~/relay/useAction';

/** Mutes the conversation a post stands in, or hears of it again. */
export function useConversationMute(id: string, muted: boolean): () => void {
  const [mute] = useAction<useConversationMuteMutation>(graphql`
    mutation useConversationMuteMutation($input: MuteConversationInput!) {
      muteConversation(input: $input) {
        post {
          id
          viewerHasMutedConversation
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [unmute] = useAction<useConversationMuteUndoMutation>(graphql`
    mutation useConversationMuteUndoMutation($input: UnmuteConversationInput!) {
      unmuteConversation(input: $input) {
        post {
          id
          viewerHasMutedConversation
        }
        userErrors {
          code
        }
      }
    }
  `);
  const input = { postId: id };
  const shown = { post: { id, viewerHasMutedConversation: !muted }, userErrors: [] };
  return () =>
    muted
      ? unmute({ input, optimisticResponse: { unmuteConversation: shown } })
      : mute({
          input,
          optimisticResponse: { muteConversation: shown },
          onDone: () => toast(words().muting.conversationMuted),
        });
}
