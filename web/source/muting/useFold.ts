import { graphql, useFragment } from 'react-relay/hooks';
import type { useFold_post$key } from '~/__generated__/useFold_post.graphql';
import { useText } from '~/i18n/language';

/** The words for which a post is folded; null where it is to be shown as it is. */
export function useFold(key: useFold_post$key, atHome: boolean): string | null {
  const text = useText().muting;
  const { viewerFilter } = useFragment(
    graphql`
      fragment useFold_post on Post {
        viewerFilter {
          words
          isForHome
        }
      }
    `,
    key,
  );
  if (!viewerFilter || (viewerFilter.isForHome && !atHome)) return null;
  return text.folded(viewerFilter.words.map((word) => `“${word}”`).join(', '));
}
