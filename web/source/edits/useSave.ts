import { useState } from 'react';
import { graphql } from 'react-relay/hooks';
import type { useSaveMutation } from '~/__generated__/useSaveMutation.graphql';
import type { Draft } from '~/compose/draft';
import { discard } from '~/compose/files';
import { type Trouble, wordsOf } from '~/compose/usePublish';
import { Refused } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import type { Store } from '~/state/store';

const FINE: Trouble = { refusals: [], unanswered: false };

/** Saving the draft of an edit. It is emptied when that is done, and as it was otherwise. */
export function useSave(store: Store<Draft>, postId: string) {
  const [trouble, setTrouble] = useState<Trouble>(FINE);
  const [act, busy] = useAction<useSaveMutation>(graphql`
    mutation useSaveMutation($input: EditPostInput!) {
      editPost(input: $input) {
        post {
          id
          version
          editCount
          ...PostCard_post
        }
        userErrors {
          code
          path
        }
      }
    }
  `);
  const save = (onDone: (id: string) => void) => {
    const draft = store.get();
    setTrouble(FINE);
    act({
      input: {
        postId,
        ...wordsOf(draft),
        contentWarning: draft.warning?.trim() || null,
        expectedEditCount: draft.edits,
      },
      onDone: () => {
        discard(store);
        onDone(postId);
      },
      onRefused: (refusals) => setTrouble({ refusals, unanswered: false }),
      onFailed: (error) => {
        if (error instanceof Refused) setTrouble({ refusals: [{ code: error.code }], unanswered: false });
        else setTrouble({ refusals: [], unanswered: true });
      },
    });
  };
  return { publish: save, busy, trouble };
}
