import { graphql, type PreloadedQuery } from 'react-relay/hooks';
import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router';
import type { CasePageAssignMutation } from '~/__generated__/CasePageAssignMutation.graphql';
import type { CasePageQuery } from '~/__generated__/CasePageQuery.graphql';
import { Button } from '~/design/Button';
import { useFormat } from '~/i18n/format';
import { useAction } from '~/relay/useAction';
import { preload, usePage } from '~/relay/usePage';
import { moderationWords } from '~/report/words';
import { places } from '~/routing/places';
import { useViewer } from '~/session/viewer';
import { Empty } from '~/shell/Empty';
import { Page } from '~/shell/Page';
import { CaseHistory } from './CaseHistory';
import { CaseNotes } from './CaseNotes';
import { Decide } from './Decide';
import styles from './Desk.module.css';
import { Evidence } from './Evidence';

const QUERY = graphql`
  query CasePageQuery($id: ID!) {
    node(id: $id) {
      __typename
      ... on ModerationCase {
        id
        number
        state
        urgency
        subjectKind
        handle
        reportCount
        strikes
        createdAt
        assignee {
          id
          handle
        }
        reports(first: 50) {
          edges {
            node {
              id
              reason
              note
              createdAt
              reporter {
                handle
              }
            }
          }
        }
        ...Evidence_case
        ...Decide_case
        ...CaseNotes_case
        ...CaseHistory_case
      }
    }
  }
`;

export const loader = async ({ params }: LoaderFunctionArgs) => {
  await moderationWords.learn();
  return preload<CasePageQuery>(QUERY, { id: params.id ?? '' });
};

/** One thing with all its reports: what was handed over, what others noted, what was done, and what to do. */
export function Component() {
  const words = moderationWords.useText();
  const format = useFormat();
  const viewer = useViewer();
  const { node } = usePage<CasePageQuery>(QUERY, useLoaderData<PreloadedQuery<CasePageQuery>>());
  const [assign, busy] = useAction<CasePageAssignMutation>(graphql`
    mutation CasePageAssignMutation($input: AssignCaseInput!) {
      assignCase(input: $input) {
        case {
          id
          assignee {
            id
            handle
          }
        }
        userErrors {
          code
        }
      }
    }
  `);
  if (node?.__typename !== 'ModerationCase') {
    return (
      <Page title={words.desk} back>
        <Empty title={words.desk} text={words.missing} />
      </Page>
    );
  }
  const mine = node.assignee?.id === viewer?.id;
  const reports = node.reports?.edges ?? [];
  return (
    <Page title={words.case(node.number)} back>
      <section className={styles.part} aria-label={words.case(node.number)}>
        <p className={styles.head}>
          {node.urgency > 0 && <span className={styles.urgent}>{words.urgency[node.urgency]}</span>}
          <strong>
            {words.subjects[node.subjectKind]} · <Link to={places.person(node.handle)}>@{node.handle}</Link>
          </strong>
          <span className={styles.note}>
            {words.reported(node.reportCount)} · {words.strikes(node.strikes)} ·{' '}
            <time dateTime={node.createdAt}>{format.moment(node.createdAt)}</time>
          </span>
        </p>
        {node.state === 'OPEN' && (
          <div className={styles.buttons}>
            <Button small look="quiet" busy={busy} onClick={() => assign({ input: { caseId: node.id, toMe: !mine } })}>
              {mine ? words.giveBack : words.take}
            </Button>
            {node.assignee && !mine && <span className={styles.note}>{words.taken(node.assignee.handle)}</span>}
          </div>
        )}
      </section>
      <Evidence node={node} />
      {reports.length > 0 && (
        <section className={styles.part}>
          <h2>{words.reportsOf}</h2>
          <ul className={styles.list}>
            {reports.map(({ node: one }) => (
              <li key={one.id}>
                <span className={styles.strong}>{words.reasons[one.reason] ?? one.reason}</span>
                {one.note && (
                  <p className={styles.soft} dir="auto">
                    {one.note}
                  </p>
                )}
                <span className={styles.note}>
                  {one.reporter ? words.of(one.reporter.handle) : words.anonymous} ·{' '}
                  <time dateTime={one.createdAt}>{format.since(one.createdAt)}</time>
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {node.state === 'OPEN' && <Decide node={node} />}
      <CaseNotes node={node} />
      <CaseHistory node={node} />
    </Page>
  );
}
