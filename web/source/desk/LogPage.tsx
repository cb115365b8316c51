import { graphql, type PreloadedQuery, usePaginationFragment } from 'react-relay/hooks';
import { Link, useLoaderData } from 'react-router';
import type { LogPage_viewer$key } from '~/__generated__/LogPage_viewer.graphql';
import type { LogPageMoreQuery } from '~/__generated__/LogPageMoreQuery.graphql';
import type { LogPageQuery } from '~/__generated__/LogPageQuery.graphql';
import { useFormat } from '~/i18n/format';
import { preload, usePage } from '~/relay/usePage';
import { moderationWords } from '~/report/words';
import { places } from '~/routing/places';
import { More } from '~/timeline/More';
import { usePages } from '~/timeline/usePages';
import styles from './Desk.module.css';
import { DeskTabs } from './DeskTabs';

const QUERY = graphql`
  query LogPageQuery {
    viewer {
      desk {
        waitingCaseCount
        waitingAppealCount
      }
      ...LogPage_viewer
    }
  }
`;

export const loader = async () => {
  await moderationWords.learn();
  return preload<LogPageQuery>(QUERY, {});
};

/** Everything that was done at the desk; nobody can change it. */
export function Component() {
  const { viewer } = usePage<LogPageQuery>(QUERY, useLoaderData<PreloadedQuery<LogPageQuery>>());
  return <DeskTabs desk={viewer?.desk}>{viewer && <Lines viewer={viewer} />}</DeskTabs>;
}

/** What exactly, in the reader's words: the log keeps that of decisions and roles in words of programs. */
function said(words: ReturnType<typeof moderationWords.useText>, kind: string, detail: string): string {
  const parts = detail.split(' ');
  if (kind === 'ROLE') return parts.map((one) => words.roles[one] ?? one).join(' ');
  if (kind !== 'ACTED' && kind !== 'REVERSED') return detail;
  const [action = '', subject = '', rule] = parts;
  const named = [words.done[action] ?? action, words.subjects[subject] ?? subject];
  return [...named, ...(rule ? [words.reasons[rule] ?? rule] : [])].join(' · ');
}

function Lines({ viewer }: { viewer: LogPage_viewer$key }) {
  const words = moderationWords.useText();
  const format = useFormat();
  const { data, ...pagination } = usePaginationFragment<LogPageMoreQuery, LogPage_viewer$key>(
    graphql`
      fragment LogPage_viewer on Viewer
      @refetchable(queryName: "LogPageMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 50 }, after: { type: "String" }) {
        desk {
          log(first: $first, after: $after) @connection(key: "LogPage_log") {
            edges {
              cursor
              node {
                at
                kind
                detail
                caseId
                actor {
                  handle
                }
                person {
                  handle
                }
              }
            }
          }
        }
      }
    `,
    viewer,
  );
  const pages = usePages(pagination);
  return (
    <>
      <ul aria-label={words.tabs.log}>
        {(data.desk?.log?.edges ?? []).map(({ cursor, node }) => (
          <li key={cursor} className={styles.row}>
            <p>
              <span className={styles.strong}>{node.actor ? words.of(node.actor.handle) : words.house}</span>{' '}
              {words.logLine[node.kind] ?? node.kind}
              {node.person && <> · {words.of(node.person.handle)}</>}
            </p>
            <p className={styles.note}>
              <time dateTime={node.at}>{format.moment(node.at)}</time>
              {node.detail && <> · {said(words, node.kind, node.detail)}</>}
              {node.caseId && (
                <>
                  {' · '}
                  <Link to={places.case(node.caseId)} className={styles.open}>
                    {words.toCase}
                  </Link>
                </>
              )}
            </p>
          </li>
        ))}
      </ul>
      {pages.hasNext && <More {...pages} />}
    </>
  );
}
