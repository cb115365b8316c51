// Fields that are marked @semanticNonNull, read by a component that throws and by one that takes the error as data.
import { graphql } from 'relay-runtime';

export const thrown = graphql`
  query errorsThrownQuery($first: Int!) @throwOnFieldError {
    exploreTimeline(first: $first) {
      edges {
        node {
          id
        }
      }
    }
  }
`;

export const caught = graphql`
  query errorsCaughtQuery($handle: String!, $first: Int!) {
    user(handle: $handle) {
      handle
      posts(first: $first) @catch(to: RESULT) {
        edges {
          node {
            id
          }
        }
      }
    }
  }
`;
