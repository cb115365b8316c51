import { graphql } from 'react-relay/hooks';
import { useNavigate } from 'react-router';
import type { useOpenChatMutation } from '~/__generated__/useOpenChatMutation.graphql';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { codeText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { places } from '~/routing/places';

/** Opens the chat with somebody and goes there. */
export function useOpenChat(): [open: (userId: string, onDone?: () => void) => void, busy: boolean] {
  const text = useText();
  const navigate = useNavigate();
  const [open, busy] = useAction<useOpenChatMutation>(graphql`
    mutation useOpenChatMutation($input: OpenChatInput!) {
      openChat(input: $input) {
        chat {
          id
        }
        userErrors {
          code
        }
      }
    }
  `);
  return [
    (userId, onDone) =>
      open({
        input: { userId },
        onDone: ({ openChat: { chat } }) => {
          onDone?.();
          if (chat) void navigate(places.chat(chat.id));
        },
        onRefused: ([first]) =>
          toast(first?.code === 'FORBIDDEN' ? text.letters.cannotWrite : codeText(text, first?.code ?? 'OTHER'), {
            urgent: true,
          }),
      }),
    busy,
  ];
}
