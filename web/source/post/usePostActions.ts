import { graphql, useFragment } from 'react-relay/hooks';
import type { usePostActions_post$key } from '~/__generated__/usePostActions_post.graphql';
import type { usePostActionsBookmarkMutation } from '~/__generated__/usePostActionsBookmarkMutation.graphql';
import type { usePostActionsLikeMutation } from '~/__generated__/usePostActionsLikeMutation.graphql';
import type { usePostActionsRepostMutation } from '~/__generated__/usePostActionsRepostMutation.graphql';
import type { usePostActionsUnbookmarkMutation } from '~/__generated__/usePostActionsUnbookmarkMutation.graphql';
import type { usePostActionsUnlikeMutation } from '~/__generated__/usePostActionsUnlikeMutation.graphql';
import type { usePostActionsUnrepostMutation } from '~/__generated__/usePostActionsUnrepostMutation.graphql';
import { useAction } from '~/relay/useAction';

/** What the viewer can do with a post by one press. Each shows at once and is taken back when it is refused. */
export function usePostActions(key: usePostActions_post$key) {
  const post = useFragment(
    graphql`
      fragment usePostActions_post on Post {
        id
        version
        visibility
        likeCount
        repostCount
        replyCount
        quoteCount
        viewerHasLiked
        viewerHasReposted
        viewerHasBookmarked
        viewerCanReply
      }
    `,
    key,
  );
  const [like] = useAction<usePostActionsLikeMutation>(graphql`
    mutation usePostActionsLikeMutation($input: LikePostInput!) {
      likePost(input: $input) {
        post {
          id
          version
          likeCount
          viewerHasLiked
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [unlike] = useAction<usePostActionsUnlikeMutation>(graphql`
    mutation usePostActionsUnlikeMutation($input: UnlikePostInput!) {
      unlikePost(input: $input) {
        post {
          id
          version
          likeCount
          viewerHasLiked
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [repost] = useAction<usePostActionsRepostMutation>(graphql`
    mutation usePostActionsRepostMutation($input: RepostPostInput!) {
      repostPost(input: $input) {
        post {
          id
          version
          repostCount
          viewerHasReposted
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [unrepost] = useAction<usePostActionsUnrepostMutation>(graphql`
    mutation usePostActionsUnrepostMutation($input: UnrepostPostInput!) {
      unrepostPost(input: $input) {
        post {
          id
          version
          repostCount
          viewerHasReposted
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [bookmark] = useAction<usePostActionsBookmarkMutation>(graphql`
    mutation usePostActionsBookmarkMutation($input: BookmarkPostInput!) {
      bookmarkPost(input: $input) {
        post {
          id
          viewerHasBookmarked
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [unbookmark] = useAction<usePostActionsUnbookmarkMutation>(graphql`
    mutation usePostActionsUnbookmarkMutation($input: UnbookmarkPostInput!) {
      unbookmarkPost(input: $input) {
        post {
          id
          viewerHasBookmarked
        }
        userErrors {
          code
        }
      }
    }
  `);
  const { id, version, likeCount, repostCount, viewerHasLiked, viewerHasReposted, viewerHasBookmarked } = post;
  const input = { postId: id };
  return {
    post,
    toggleLike: () => {
      const shown = {
        id,
        version,
        likeCount: Math.max(0, likeCount + (viewerHasLiked ? -1 : 1)),
        viewerHasLiked: !viewerHasLiked,
      };
      if (viewerHasLiked) unlike({ input, optimisticResponse: { unlikePost: { post: shown, userErrors: [] } } });
      else like({ input, optimisticResponse: { likePost: { post: shown, userErrors: [] } } });
    },
    toggleRepost: () => {
      const shown = {
        id,
        version,
        repostCount: Math.max(0, repostCount + (viewerHasReposted ? -1 : 1)),
        viewerHasReposted: !viewerHasReposted,
      };
      if (viewerHasReposted) unrepost({ input, optimisticResponse: { unrepostPost: { post: shown, userErrors: [] } } });
      else repost({ input, optimisticResponse: { repostPost: { post: shown, userErrors: [] } } });
    },
    toggleBookmark: () => {
      const shown = { id, viewerHasBookmarked: !viewerHasBookmarked };
      if (viewerHasBookmarked)
        unbookmark({ input, optimisticResponse: { unbookmarkPost: { post: shown, userErrors: [] } } });
      else bookmark({ input, optimisticResponse: { bookmarkPost: { post: shown, userErrors: [] } } });
    },
  };
}
