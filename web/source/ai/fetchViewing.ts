import { graphql } from 'react-relay/hooks';
import type { IEnvironment } from 'relay-runtime';
import type { fetchViewingQuery } from '~/__generated__/fetchViewingQuery.graphql';
import { hearAnew } from '~/labelers/heard';
import { fetchSurely } from '~/relay/fetchSurely';

const QUERY = graphql`
  query fetchViewingQuery {
    viewer {
      viewing {
        aiPictures
        hiddenLabels
        hasLabelers
      }
    }
  }
`;

/** How the person wants to be shown what others post, which another window of theirs may have changed. */
export const fetchViewing = (environment: IEnvironment): Promise<void> =>
  fetchSurely<fetchViewingQuery>(environment, QUERY, {}).then(hearAnew);
