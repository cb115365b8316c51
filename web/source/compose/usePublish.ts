import { useState } from 'react';
import { graphql } from 'react-relay/hooks';
import type { usePublishMutation } from '~/__generated__/usePublishMutation.graphql';
import { type Refusal, Refused } from '~/relay/failure';
import { newKey, useAction } from '~/relay/useAction';
import type { Store } from '~/state/store';
import type { Draft, Visibility } from './draft';
import { discard } from './files';
import type { Composing } from './open';
import { posted } from './posted';

/** What went wrong when it was sent: refusals, or no answer (the same may be sent again and is posted once). */
export type Trouble = { readonly refusals: readonly Refusal[]; readonly unanswered: boolean };

const FINE: Trouble = { refusals: [], unanswered: false };

/** Publishing a draft. It is emptied when it is posted, and as it was otherwise. */
export function usePublish(store: Store<Draft>, what: Composing, visibility: Visibility) {
  const [trouble, setTrouble] = useState<Trouble>(FINE);
  const [act, busy] = useAction<usePublishMutation>(graphql`
    mutation usePublishMutation($input: CreatePostInput!) {
      createPost(input: $input) {
        post {
          id
          ...PostCard_post
          replyTo {
            __typename
            ... on Post {
              id
              version
              replyCount
            }
          }
          quotedPost {
            __typename
            ... on Post {
              id
              version
              quoteCount
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
  const publish = (onDone: (id: string) => void) => {
    const draft = store.get();
    const input = inputOf(draft, what, visibility);
    const content = JSON.stringify(input);
    const key = draft.sent?.content === content ? draft.sent.key : newKey();
    store.update((now) => ({ ...now, sent: { key, content } })); // kept before it is sent: a reload does not post it twice
    setTrouble(FINE);
    act({
      input: { ...input, idempotencyKey: key },
      onDone: ({ createPost: { post } }) => {
        discard(store);
        if (!post) return;
        posted.set({ id: post.id, replyToId: what.replyToId ?? null, quotedPostId: what.quotedPostId ?? null });
        onDone(post.id);
      },
      onRefused: (refusals) => {
        store.update((now) => ({ ...now, sent: null })); // it was answered; the next try is another one
        setTrouble({ refusals, unanswered: false });
      },
      onFailed: (error) => {
        if (error instanceof Refused) setTrouble({ refusals: [{ code: error.code }], unanswered: false });
        else setTrouble({ refusals: [], unanswered: true });
      },
    });
  };
  return { publish, busy, trouble };
}

function inputOf(draft: Draft, { replyToId, quotedPostId }: Composing, visibility: Visibility) {
  return {
    text: draft.text,
    images: draft.pictures.flatMap(({ upload, altText }) =>
      upload.at === 'kept' ? [{ imageId: upload.imageId, altText }] : [],
    ),
    replyToId: replyToId ?? null,
    quotedPostId: quotedPostId ?? null,
    visibility,
    contentWarning: draft.warning?.trim() || null,
    remixPolicy: draft.remixPolicy,
    promptVisibility: draft.promptVisibility,
  };
}
