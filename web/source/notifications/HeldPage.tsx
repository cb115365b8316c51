import { useEffect, useEffectEvent } from 'react';
import {
  fetchQuery,
  graphql,
  type PreloadedQuery,
  usePaginationFragment,
  useRelayEnvironment,
} from 'react-relay/hooks';
import { Link, useLoaderData } from 'react-router';
import type { HeldPage_viewer$key } from '~/__generated__/HeldPage_viewer.graphql';
import type { HeldPageMoreQuery } from '~/__generated__/HeldPageMoreQuery.graphql';
import type { HeldPageQuery } from '~/__generated__/HeldPageQuery.graphql';
import { buttonClass } from '~/design/Button';
import { useText } from '~/i18n/language';
import { preload, usePage } from '~/relay/usePage';
import { places } from '~/routing/places';
import { SignedOut } from '~/session/SignedOut';
import { Empty } from '~/shell/Empty';
import { More } from '~/timeline/More';
import { usePages } from '~/timeline/usePages';
import { HeldRow } from './HeldRow';
import { waiting } from './news';
import { Tabs } from './Tabs';

const QUERY = graphql`
  query HeldPageQuery {
    viewer {
      ...HeldPage_viewer
    }
  }
`;

export const loader = () => preload<HeldPageQuery>(QUERY, {});

/** Whose doings one's filters hold back: to be let in or thrown away. */
export function Component() {
  const text = useText();
  const { viewer } = usePage<HeldPageQuery>(QUERY, useLoaderData<PreloadedQuery<HeldPageQuery>>());
  return (
    <Tabs>{viewer ? <Held viewer={viewer} /> : <SignedOut title={text.bell.held} text={text.bell.heldText} />}</Tabs>
  );
}

function Held({ viewer }: { viewer: HeldPage_viewer$key }) {
  const text = useText();
  const environment = useRelayEnvironment();
  const { data, ...pagination } = usePaginationFragment<HeldPageMoreQuery, HeldPage_viewer$key>(
    graphql`
      fragment HeldPage_viewer on Viewer
      @refetchable(queryName: "HeldPageMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
        notificationRequests(first: $first, after: $after) @connection(key: "HeldPage_notificationRequests") {
          __id
          edges {
            notificationCount
            latestPost {
              id
              text
            }
            node {
              id
              ...PersonRow_user
              ...HeldRow_user
            }
          }
        }
      }
    `,
    viewer,
  );
  const pages = usePages(pagination);
  const anew = useEffectEvent(() => {
    fetchQuery<HeldPageQuery>(environment, QUERY, {}, { fetchPolicy: 'network-only' }).subscribe({});
  });
  const list = data.notificationRequests;
  const edges = list?.edges ?? [];
  // The count may have been heard after the page was read and before it stood here.
  const catchUp = useEffectEvent(() => {
    if (!pages.hasNext && waiting.get() > edges.length) anew();
  });
  useEffect(() => {
    catchUp();
    return waiting.subscribe(() => anew());
  }, []);
  if (!edges.length && !pages.hasNext) {
    return (
      <Empty title={text.bell.noneHeld} text={text.bell.heldText}>
        <Link to={places.notificationSettings} className={buttonClass({ look: 'quiet' })}>
          {text.bell.settings}
        </Link>
      </Empty>
    );
  }
  return (
    <>
      <ul aria-label={text.bell.held}>
        {edges.map(({ node, notificationCount, latestPost }) => (
          <HeldRow
            key={node.id}
            user={node}
            count={notificationCount}
            excerpt={latestPost?.text}
            connectionId={list?.__id}
          />
        ))}
      </ul>
      {pages.hasNext && <More {...pages} />}
    </>
  );
}
