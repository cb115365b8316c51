import { useState } from 'react';
import { graphql, useRelayEnvironment } from 'react-relay/hooks';
import type { usePublishMutation } from '~/__generated__/usePublishMutation.graphql';
import type { usePublishThreadMutation } from '~/__generated__/usePublishThreadMutation.graphql';
import { forget } from '~/drafts/sync';
import { type Refusal, Refused } from '~/relay/failure';
import { newKey, useAction } from '~/relay/useAction';
import type { Store } from '~/state/store';
import type { Draft, Visibility } from './draft';
import { discard } from './files';
import type { Composing } from './open';
import { pollInput } from './poll';
import { posted } from './posted';

/** What went wrong when it was sent: refusals, or no answer (the same may be sent again and is posted once). */
export type Trouble = { readonly refusals: readonly Refusal[]; readonly unanswered: boolean };

const FINE: Trouble = { refusals: [], unanswered: false };

/** Publishing a draft. It is emptied when it is posted, and as it was otherwise. */
export function usePublish(
  store: Store<Draft>,
  what: Composing,
  visibility: Visibility,
  following: readonly Store<Draft>[],
) {
  const environment = useRelayEnvironment();
  const [trouble, setTrouble] = useState<Trouble>(FINE);
  const [actAll, busyAll] = useAction<usePublishThreadMutation>(graphql`
    mutation usePublishThreadMutation($input: CreateThreadInput!) {
      createThread(input: $input) {
        posts {
          id
          ...PostCard_post
        }
        userErrors {
          code
          path
        }
      }
    }
  `);
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
    const input = following.length
      ? threadOf(
          draft,
          following.map((one) => one.get()),
          what,
          visibility,
        )
      : inputOf(draft, what, visibility);
    const content = JSON.stringify(input);
    const key = draft.sent?.content === content ? draft.sent.key : newKey();
    store.update((now) => ({ ...now, sent: { key, content } })); // kept before it is sent: a reload does not post it twice
    setTrouble(FINE);
    const done = (id: string | undefined) => {
      forget(environment, store);
      for (const one of [store, ...following]) discard(one);
      if (!id) return;
      posted.set({ id, replyToId: what.replyToId ?? null, quotedPostId: what.quotedPostId ?? null });
      onDone(id);
    };
    const ends = {
      onRefused: (refusals: readonly Refusal[]) => {
        store.update((now) => ({ ...now, sent: null })); // it was answered; the next try is another one
        setTrouble({ refusals, unanswered: false });
      },
      onFailed: (error: Error) => {
        if (error instanceof Refused) setTrouble({ refusals: [{ code: error.code }], unanswered: false });
        else setTrouble({ refusals: [], unanswered: true });
      },
    };
    const whole = { ...input, idempotencyKey: key };
    if (following.length)
      actAll({ input: whole, onDone: ({ createThread }) => done(createThread.posts?.[0]?.id), ...ends });
    else act({ input: whole, onDone: ({ createPost }) => done(createPost.post?.id), ...ends });
  };
  return { publish, busy: busy || busyAll, trouble };
}

/** What of a draft is its own, in a thread and in an edit as well. */
export function wordsOf({ text, pictures, poll }: Draft) {
  return {
    text,
    poll: pollInput(poll),
    images: pictures.flatMap(({ upload, altText, madeWithAi }) =>
      upload.at === 'kept' ? [{ imageId: upload.imageId, altText, ...(madeWithAi && { madeWithAi }) }] : [],
    ),
  };
}

/** What these posts say, as the API takes them. */
export function threadOf(
  first: Draft,
  following: readonly Draft[],
  { replyToId, quotedPostId }: Composing,
  visibility: Visibility,
) {
  const contentWarning = first.warning?.trim() || null;
  const isSensitive = first.terms.sensitive;
  return {
    posts: [first, ...following].map((one, index) => ({
      ...wordsOf(one),
      quotedPostId: index === 0 ? (quotedPostId ?? null) : null,
      contentWarning,
      isSensitive: isSensitive && one.pictures.length > 0,
    })),
    replyToId: replyToId ?? null,
    visibility,
    replyPolicy: replyToId ? null : first.terms.reply,
    quotePolicy: first.terms.quote,
    remixPolicy: first.remixPolicy,
    promptVisibility: first.promptVisibility,
  };
}

function inputOf(draft: Draft, { replyToId, quotedPostId }: Composing, visibility: Visibility) {
  return {
    ...wordsOf(draft),
    replyToId: replyToId ?? null,
    quotedPostId: quotedPostId ?? null,
    visibility,
    contentWarning: draft.warning?.trim() || null,
    remixPolicy: draft.remixPolicy,
    promptVisibility: draft.promptVisibility,
    isSensitive: draft.terms.sensitive && draft.pictures.length > 0,
    replyPolicy: replyToId ? null : draft.terms.reply,
    quotePolicy: draft.terms.quote,
  };
}
