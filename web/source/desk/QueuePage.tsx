import { graphql, type PreloadedQuery, usePaginationFragment } from 'react-relay/hooks';
import { type LoaderFunctionArgs, useLoaderData } from 'react-router';
import type { QueuePage_viewer$key } from '~/__generated__/QueuePage_viewer.graphql';
import type { QueuePageMoreQuery } from '~/__generated__/QueuePageMoreQuery.graphql';
import type { ModerationCaseState, QueuePageQuery } from '~/__generated__/QueuePageQuery.graphql';
import { preload, usePage } from '~/relay/usePage';
import { moderationWords } from '~/report/words';
import { Empty } from '~/shell/Empty';
import { More } from '~/timeline/More';
import { usePages } from '~/timeline/usePages';
import { CaseRow } from './CaseRow';
import { DeskTabs } from './DeskTabs';

const QUERY = graphql`
  query QueuePageQuery($state: ModerationCaseState!) {
    viewer {
      desk {
        waitingCaseCount
        waitingAppealCount
      }
      ...QueuePage_viewer @arguments(state: $state)
    }
  }
`;

export const loader = async ({ request }: LoaderFunctionArgs) => {
  await moderationWords.learn();
  const state: ModerationCaseState = new URL(request.url).pathname.endsWith('/closed') ? 'CLOSED' : 'OPEN';
  return { state, query: preload<QueuePageQuery>(QUERY, { state }) };
};

type Loaded = { state: ModerationCaseState; query: PreloadedQuery<QueuePageQuery> };

/** What waits for moderators, the urgent first; or what they decided. */
export function Component() {
  const { state, query } = useLoaderData<Loaded>();
  const { viewer } = usePage<QueuePageQuery>(QUERY, query);
  return <DeskTabs desk={viewer?.desk}>{viewer && <Cases key={state} viewer={viewer} state={state} />}</DeskTabs>;
}

function Cases({ viewer, state }: { viewer: QueuePage_viewer$key; state: ModerationCaseState }) {
  const words = moderationWords.useText();
  const { data, ...pagination } = usePaginationFragment<QueuePageMoreQuery, QueuePage_viewer$key>(
    graphql`
      fragment QueuePage_viewer on Viewer
      @refetchable(queryName: "QueuePageMoreQuery")
      @argumentDefinitions(
        state: { type: "ModerationCaseState!" }
        first: { type: "Int", defaultValue: 20 }
        after: { type: "String" }
      ) {
        desk {
          cases(state: $state, first: $first, after: $after) @connection(key: "QueuePage_cases", filters: ["state"]) {
            edges {
              node {
                id
                ...CaseRow_case
              }
            }
          }
        }
      }
    `,
    viewer,
  );
  const pages = usePages(pagination);
  const edges = data.desk?.cases?.edges ?? [];
  if (!edges.length && !pages.hasNext) {
    return state === 'OPEN' ? <Empty title={words.empty} text={words.emptyText} /> : <Empty title={words.noneClosed} />;
  }
  return (
    <>
      <ul aria-label={state === 'OPEN' ? words.tabs.queue : words.tabs.closed}>
        {edges.map(({ node }) => (
          <CaseRow key={node.id} node={node} />
        ))}
      </ul>
      {pages.hasNext && <More {...pages} />}
    </>
  );
}
