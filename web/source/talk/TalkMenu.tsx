import { Eye, EyeOff, MessageCircleOff, MessageCircleReply, Scissors, SlidersHorizontal, Unlink } from 'lucide-react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { TalkMenu_post$key } from '~/__generated__/TalkMenu_post.graphql';
import type { TalkMenuCardMutation } from '~/__generated__/TalkMenuCardMutation.graphql';
import type { TalkMenuDetachMutation } from '~/__generated__/TalkMenuDetachMutation.graphql';
import type { TalkMenuHideMutation } from '~/__generated__/TalkMenuHideMutation.graphql';
import type { TalkMenuReattachMutation } from '~/__generated__/TalkMenuReattachMutation.graphql';
import type { TalkMenuSensitiveMutation } from '~/__generated__/TalkMenuSensitiveMutation.graphql';
import type { TalkMenuUnhideMutation } from '~/__generated__/TalkMenuUnhideMutation.graphql';
import { MenuItem } from '~/design/Menu';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { useViewer } from '~/session/viewer';

/** Of a post's menu: who may talk to it, what is folded away, taken out or covered. Each shows at once. */
export function TalkMenu({ post: key, onGates }: { post: TalkMenu_post$key; onGates: () => void }) {
  const all = useText();
  const text = all.talk;
  const viewer = useViewer();
  const post = useFragment(
    graphql`
      fragment TalkMenu_post on Post {
        id
        version
        isHidden
        isSensitive
        viewerCanHide
        author {
          id
        }
        images {
          id
        }
        linkCard {
          url
        }
        quotedPost {
          __typename
          ... on Post {
            id
            author {
              id
            }
          }
        }
      }
    `,
    key,
  );
  const { id, version } = post;
  const input = { postId: id };
  const [hide] = useAction<TalkMenuHideMutation>(graphql`
    mutation TalkMenuHideMutation($input: HideReplyInput!) {
      hideReply(input: $input) {
        post {
          id
          version
          isHidden
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [unhide] = useAction<TalkMenuUnhideMutation>(graphql`
    mutation TalkMenuUnhideMutation($input: UnhideReplyInput!) {
      unhideReply(input: $input) {
        post {
          id
          version
          isHidden
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [detach] = useAction<TalkMenuDetachMutation>(graphql`
    mutation TalkMenuDetachMutation($input: DetachQuoteInput!) {
      detachQuote(input: $input) {
        post {
          id
          version
          ...QuotedPost_post
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [reattach] = useAction<TalkMenuReattachMutation>(graphql`
    mutation TalkMenuReattachMutation($input: ReattachQuoteInput!) {
      reattachQuote(input: $input) {
        post {
          id
          version
          ...QuotedPost_post
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [mark] = useAction<TalkMenuSensitiveMutation>(graphql`
    mutation TalkMenuSensitiveMutation($input: SetPostSensitiveInput!) {
      setPostSensitive(input: $input) {
        post {
          id
          version
          isSensitive
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [removeCard] = useAction<TalkMenuCardMutation>(graphql`
    mutation TalkMenuCardMutation($input: RemoveLinkCardInput!) {
      removeLinkCard(input: $input) {
        post {
          id
          version
          linkCard {
            url
          }
        }
        userErrors {
          code
        }
      }
    }
  `);
  const own = viewer?.id === post.author.id;
  const quoted = post.quotedPost?.__typename === 'Post' && viewer?.id === post.quotedPost.author.id;
  const shownHidden = (isHidden: boolean) => ({ post: { id, version, isHidden }, userErrors: [] });
  const unfold = () => unhide({ input, optimisticResponse: { unhideReply: shownHidden(false) } });
  const fold = () =>
    hide({
      input,
      optimisticResponse: { hideReply: shownHidden(true) },
      onDone: () => toast(text.hidden, { action: { label: all.common.undo, run: unfold } }),
    });
  return (
    <>
      {post.viewerCanHide && (
        <MenuItem
          icon={post.isHidden ? <MessageCircleReply /> : <MessageCircleOff />}
          onSelect={post.isHidden ? unfold : fold}
        >
          {post.isHidden ? text.unhideReply : text.hideReply}
        </MenuItem>
      )}
      {quoted && (
        <MenuItem
          icon={<Scissors />}
          onSelect={() =>
            detach({
              input,
              onDone: () =>
                toast(text.detached, { action: { label: all.common.undo, run: () => reattach({ input }) } }),
            })
          }
        >
          {text.detach}
        </MenuItem>
      )}
      {own && (
        <MenuItem icon={<SlidersHorizontal />} onSelect={onGates}>
          {text.gatesItem}
        </MenuItem>
      )}
      {own && (post.images.length > 0 || post.isSensitive) && (
        <MenuItem
          icon={post.isSensitive ? <Eye /> : <EyeOff />}
          onSelect={() => {
            const isSensitive = !post.isSensitive;
            mark({
              input: { ...input, isSensitive },
              optimisticResponse: { setPostSensitive: { post: { id, version, isSensitive }, userErrors: [] } },
            });
          }}
        >
          {post.isSensitive ? text.uncover : text.cover}
        </MenuItem>
      )}
      {own && post.linkCard && (
        <MenuItem
          icon={<Unlink />}
          onSelect={() =>
            removeCard({
              input,
              optimisticResponse: { removeLinkCard: { post: { id, version, linkCard: null }, userErrors: [] } },
            })
          }
        >
          {text.removeCard}
        </MenuItem>
      )}
    </>
  );
}
