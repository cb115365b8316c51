import { graphql } from 'react-relay/hooks';
import type { useSendMutation } from '~/__generated__/useSendMutation.graphql';
import { useText } from '~/i18n/language';
import { codeText, failureText } from '~/relay/failure';
import { newKey, useAction } from '~/relay/useAction';
import { drop, type Leaving, put } from './outbox';
import { grow } from './useChatsLive';

/** Sends a message of the outbox; what was not taken stays there with why, and leaves again under the same key. */
export function useSend(chatId: string): (leaving: Leaving) => void {
  const text = useText();
  const [send] = useAction<useSendMutation>(graphql`
    mutation useSendMutation($input: SendMessageInput!) {
      sendMessage(input: $input) {
        edge {
          cursor
          node {
            id
            sequence
            ...Message_message
            chat {
              id
              viewerCanWrite
              ...ChatRow_chat
            }
          }
        }
        userErrors {
          code
          path
        }
      }
    }
  `);
  return (leaving) => {
    put(chatId, { ...leaving, why: null });
    send({
      input: { chatId, text: leaving.text, imageIds: leaving.imageIds, idempotencyKey: leaving.key },
      updater: (store) => {
        const edge = store.getRootField('sendMessage')?.getLinkedRecord('edge');
        if (edge) grow(store, chatId, edge);
      },
      onDone: () => drop(chatId, leaving.key),
      onRefused: ([first]) => {
        const code = first?.code ?? 'OTHER';
        drop(chatId, leaving.key); // a refusal is kept under its key: another try is another message
        const why = code === 'QUOTA_EXCEEDED' ? text.letters.waits : codeText(text, code);
        put(chatId, { ...leaving, key: newKey(), why });
      },
      onFailed: (error) => put(chatId, { ...leaving, why: failureText(text, error) }),
    });
  };
}
