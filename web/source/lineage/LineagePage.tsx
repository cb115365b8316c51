import { useEffect, useMemo, useState } from 'react';
import { fetchQuery, graphql, type PreloadedQuery, useRelayEnvironment } from 'react-relay/hooks';
import { type LoaderFunctionArgs, useLoaderData, useParams } from 'react-router';
import type { LineagePageQuery } from '~/__generated__/LineagePageQuery.graphql';
import type { LineagePageSubscription } from '~/__generated__/LineagePageSubscription.graphql';
import { useText } from '~/i18n/language';
import { useLive } from '~/relay/useLive';
import { preload, usePage } from '~/relay/usePage';
import { NotFound } from '~/shell/NotFound';
import { Page } from '~/shell/Page';
import { Branches } from './Branches';
import styles from './Lineage.module.css';
import { Step } from './Step';

const QUERY = graphql`
  query LineagePageQuery($id: ID!) {
    node(id: $id) {
      __typename
      ... on Image {
        id
        lineage {
          isCut
          ancestors {
            depth
            post {
              id
              author {
                id
              }
            }
            ...Step_step
          }
          step {
            depth
            post {
              id
            }
            ...Step_step
            ...Branches_step
            remixes(first: 10) {
              edges {
                node {
                  post {
                    id
                  }
                  remixes(first: 5) {
                    edges {
                      node {
                        post {
                          id
                        }
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  }
`;

const LIVE = graphql`
  subscription LineagePageSubscription($ids: [ID!]!, $after: String) {
    postsChanged(ids: $ids, after: $after) {
      __typename
      cursor
      ... on PostChanged {
        post {
          id
          version
          remixCount
        }
      }
    }
  }
`;

const MOST_WATCHED = 100;

export const loader = ({ params }: LoaderFunctionArgs) => preload<LineagePageQuery>(QUERY, { id: params.id ?? '' });

/** A picture with the line it comes from above it, and what came of it below; it grows while one looks. */
export function Component() {
  const text = useText().lineage;
  const { id = '' } = useParams();
  const environment = useRelayEnvironment();
  const { node } = usePage<LineagePageQuery>(QUERY, useLoaderData<PreloadedQuery<LineagePageQuery>>());
  const [changes, setChanges] = useState(0);
  const line = node?.__typename === 'Image' ? node.lineage : null;
  const watched = useMemo(() => {
    if (!line) return [];
    const first = line.step.remixes?.edges.map((edge) => edge.node) ?? [];
    const second = first.flatMap((step) => step.remixes?.edges.map((edge) => edge.node) ?? []);
    const steps = [...line.ancestors, line.step, ...first, ...second];
    return [...new Set(steps.flatMap(({ post }) => (post ? [post.id] : [])))].sort().slice(0, MOST_WATCHED);
  }, [line]);
  useLive<LineagePageSubscription>(LIVE, {
    place: `lineage ${id}`,
    variables: watched.length ? { ids: watched } : null,
    after: undefined,
    onEvent: ({ postsChanged: { __typename } }) => {
      if (__typename !== 'LiveHeartbeat') setChanges((now) => now + 1);
    },
  });
  // What hangs where may differ now: the tree is read again, in place.
  useEffect(() => {
    if (!changes) return;
    const request = fetchQuery<LineagePageQuery>(environment, QUERY, { id }, { fetchPolicy: 'network-only' }).subscribe(
      {},
    );
    return () => request.unsubscribe();
  }, [changes, environment, id]);
  const turned = () => setChanges((now) => now + 1);
  if (!line) return <NotFound text={text.missing} />;
  return (
    <Page title={text.title} back>
      <div className={styles.lineage}>
        {line.isCut && <p className={styles.note}>{text.cut}</p>}
        <ol className={styles.line} aria-label={text.above}>
          {line.ancestors.map((step, index) => (
            <li key={step.depth}>
              <Step step={step} sourceAuthorId={line.ancestors[index - 1]?.post?.author.id} onTurned={turned} />
            </li>
          ))}
          <li aria-current="true" className={styles.here}>
            <Step step={line.step} here sourceAuthorId={line.ancestors.at(-1)?.post?.author.id} onTurned={turned} />
          </li>
        </ol>
        <Branches step={line.step} onTurned={turned} />
      </div>
    </Page>
  );
}
