import { startTransition, useState } from 'react';
import { graphql, type PreloadedQuery, useRefetchableFragment } from 'react-relay/hooks';
import { useLoaderData } from 'react-router';
import type { DraftsPage_viewer$key } from '~/__generated__/DraftsPage_viewer.graphql';
import type { DraftsPageAnewQuery } from '~/__generated__/DraftsPageAnewQuery.graphql';
import type { DraftsPageQuery } from '~/__generated__/DraftsPageQuery.graphql';
import type { DraftsPageSubscription } from '~/__generated__/DraftsPageSubscription.graphql';
import { Button } from '~/design/Button';
import { useText } from '~/i18n/language';
import { useLive } from '~/relay/useLive';
import { preload, usePage } from '~/relay/usePage';
import { SignedOut } from '~/session/SignedOut';
import { Empty } from '~/shell/Empty';
import { Page } from '~/shell/Page';
import { DraftRow } from './DraftRow';
import styles from './Drafts.module.css';

const STEP = 20;
const MOST = 100;
const QUERY = graphql`
  query DraftsPageQuery {
    viewer {
      ...DraftsPage_viewer
    }
  }
`;

export const loader = () => preload<DraftsPageQuery>(QUERY, {});

/** What one keeps to say later, and what is posted at its time. */
export function Component() {
  const text = useText().drafts;
  const { viewer } = usePage<DraftsPageQuery>(QUERY, useLoaderData<PreloadedQuery<DraftsPageQuery>>());
  return (
    <Page title={text.title}>
      {viewer ? <Lists viewer={viewer} /> : <SignedOut title={text.title} text={text.signedOut} />}
    </Page>
  );
}

function Lists({ viewer }: { viewer: DraftsPage_viewer$key }) {
  const text = useText().drafts;
  const [first, setFirst] = useState(STEP);
  const [data, refetch] = useRefetchableFragment<DraftsPageAnewQuery, DraftsPage_viewer$key>(
    graphql`
      fragment DraftsPage_viewer on Viewer
      @refetchable(queryName: "DraftsPageAnewQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 20 }) {
        scheduledDrafts(first: $first) {
          liveCursor
          totalCount
          edges {
            node {
              id
              ...DraftRow_draft
            }
          }
        }
        drafts(first: $first) {
          totalCount
          edges {
            node {
              id
              ...DraftRow_draft
            }
          }
        }
      }
    `,
    viewer,
  );
  const anew = (size: number) =>
    startTransition(() => void refetch({ first: size }, { fetchPolicy: 'store-and-network' }));
  useLive<DraftsPageSubscription>(
    graphql`
      subscription DraftsPageSubscription($after: String) {
        draftsChanged(after: $after) {
          __typename
          cursor
          ... on DraftChanged {
            draft {
              id
              ...DraftRow_draft
            }
          }
          ... on DraftRemoved {
            draftId
          }
          ... on DraftPublished {
            draftId
          }
        }
      }
    `,
    {
      place: 'drafts',
      variables: {},
      after: data.scheduledDrafts?.liveCursor,
      onEvent: ({ draftsChanged }) => {
        if (draftsChanged.__typename !== 'LiveHeartbeat') anew(first);
      },
    },
  );
  const lists = [
    { title: text.scheduled, found: data.scheduledDrafts },
    { title: text.kept, found: data.drafts },
  ];
  const shown = lists.map(({ title, found }) => ({
    title,
    total: found?.totalCount ?? 0,
    rows: (found?.edges ?? []).flatMap(({ node }) => (node ? [node] : [])),
  }));
  if (shown.every(({ rows }) => !rows.length)) return <Empty title={text.empty} text={text.emptyText} />;
  return (
    <>
      {shown.map(
        ({ title, total, rows }) =>
          rows.length > 0 && (
            <section key={title} aria-label={title}>
              <h2 className={styles.heading}>
                {title}
                <span className={styles.count}>{total}</span>
              </h2>
              <ul>
                {rows.map((node) => (
                  <DraftRow key={node.id} draft={node} />
                ))}
              </ul>
            </section>
          ),
      )}
      {first < MOST && shown.some(({ total, rows }) => total > rows.length) && (
        <div className={styles.more}>
          <Button
            look="quiet"
            onClick={() => {
              setFirst(first + STEP);
              anew(first + STEP);
            }}
          >
            {text.more}
          </Button>
        </div>
      )}
    </>
  );
}
