import { useRef } from 'react';
import {
  fetchQuery,
  graphql,
  type PreloadedQuery,
  usePaginationFragment,
  useRelayEnvironment,
} from 'react-relay/hooks';
import { Link, useLoaderData } from 'react-router';
import type { RequestsPage_viewer$key } from '~/__generated__/RequestsPage_viewer.graphql';
import type { RequestsPageMoreQuery } from '~/__generated__/RequestsPageMoreQuery.graphql';
import type { RequestsPageQuery } from '~/__generated__/RequestsPageQuery.graphql';
import type { RequestsPageSubscription } from '~/__generated__/RequestsPageSubscription.graphql';
import { buttonClass } from '~/design/Button';
import { useText } from '~/i18n/language';
import { useLive } from '~/relay/useLive';
import { preload, usePage } from '~/relay/usePage';
import { places } from '~/routing/places';
import { SignedOut } from '~/session/SignedOut';
import { Empty } from '~/shell/Empty';
import { Page } from '~/shell/Page';
import { usePages } from '~/timeline/usePages';
import { PeopleList } from './PeopleList';
import { PersonRow } from './PersonRow';
import { RequestButtons } from './RequestButtons';

const QUERY = graphql`
  query RequestsPageQuery {
    viewer {
      ...RequestsPage_viewer
    }
  }
`;

const LIVE = graphql`
  subscription RequestsPageSubscription($after: String) {
    followRequests(after: $after) {
      __typename
      cursor
    }
  }
`;

export const loader = () => preload<RequestsPageQuery>(QUERY, {});

/** Who asks to follow one, the newest first. */
export function Component() {
  const text = useText();
  const { viewer } = usePage<RequestsPageQuery>(QUERY, useLoaderData<PreloadedQuery<RequestsPageQuery>>());
  return (
    <Page title={text.people.requests} back>
      {viewer ? (
        <Requests viewer={viewer} />
      ) : (
        <SignedOut title={text.people.requests} text={text.people.requestsText} />
      )}
    </Page>
  );
}

function Requests({ viewer }: { viewer: RequestsPage_viewer$key }) {
  const text = useText();
  const environment = useRelayEnvironment();
  const begun = useRef(false);
  const { data, ...pagination } = usePaginationFragment<RequestsPageMoreQuery, RequestsPage_viewer$key>(
    graphql`
      fragment RequestsPage_viewer on Viewer
      @refetchable(queryName: "RequestsPageMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
        followRequests(first: $first, after: $after) @connection(key: "RequestsPage_followRequests") {
          __id
          edges {
            node {
              id
              ...PersonRow_user
              ...RequestButtons_user
            }
          }
        }
      }
    `,
    viewer,
  );
  useLive<RequestsPageSubscription>(LIVE, {
    place: 'follow requests',
    variables: {},
    after: undefined,
    // The first heartbeat says from where it listens: what came between the page and that is fetched once.
    onEvent: ({ followRequests: event }) => {
      if (event.__typename === 'LiveHeartbeat' && begun.current) return;
      begun.current = true;
      fetchQuery<RequestsPageQuery>(environment, QUERY, {}).subscribe({});
    },
  });
  const list = data.followRequests;
  return (
    <PeopleList
      label={text.people.requests}
      edges={list?.edges ?? []}
      {...usePages(pagination)}
      none={
        <Empty title={text.people.noRequests} text={text.people.noRequestsText}>
          <Link to={places.privacy} className={buttonClass({ look: 'quiet' })}>
            {text.muting.title}
          </Link>
        </Empty>
      }
      row={(node) => (
        <PersonRow key={node.id} user={node}>
          <RequestButtons user={node} connectionId={list?.__id} />
        </PersonRow>
      )}
    />
  );
}
