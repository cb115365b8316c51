import { graphql } from 'react-relay/hooks';

/** What of a post moves on open screens, of what is here. Rights are asked for when a policy moved: see `useRights`. */
export const LIVE = graphql`
  fragment live_post on Post {
    replyPolicy
    quotePolicy
    isHidden
    isSensitive
    ...QuotedPost_post
    ...LinkCard_post
  }
`;
