import { useEffect, useRef } from 'react';
import { graphql, useFragment, useRelayEnvironment } from 'react-relay/hooks';
import type { useRights_post$key } from '~/__generated__/useRights_post.graphql';
import type { useRightsQuery } from '~/__generated__/useRightsQuery.graphql';
import { fetchSurely } from '~/relay/fetchSurely';
import { useViewer } from '~/session/viewer';

const RIGHTS = graphql`
  query useRightsQuery($id: ID!) {
    node(id: $id) {
      ... on Post {
        id
        viewerCanReply
        viewerCanQuote
      }
    }
  }
`;

/** What the viewer may do with a post is asked anew when its author changed who may: everybody hears of that, each has other rights. */
export function useRights(post: useRights_post$key): void {
  const { id, replyPolicy, quotePolicy } = useFragment(
    graphql`
      fragment useRights_post on Post {
        id
        replyPolicy
        quotePolicy
      }
    `,
    post,
  );
  const environment = useRelayEnvironment();
  const viewer = useViewer();
  const policies = `${replyPolicy} ${quotePolicy}`;
  const before = useRef({ id, policies });
  useEffect(() => {
    const changed = before.current.id === id && before.current.policies !== policies;
    before.current = { id, policies };
    if (changed && viewer) void fetchSurely<useRightsQuery>(environment, RIGHTS, { id });
  }, [environment, viewer, id, policies]);
}
