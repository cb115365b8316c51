import { graphql, type PreloadedQuery, usePaginationFragment } from 'react-relay/hooks';
import { Link, useLoaderData } from 'react-router';
import type { ModerationPage_actions$key } from '~/__generated__/ModerationPage_actions.graphql';
import type { ModerationPage_reports$key } from '~/__generated__/ModerationPage_reports.graphql';
import type { ModerationPageActionsQuery } from '~/__generated__/ModerationPageActionsQuery.graphql';
import type { ModerationPageQuery } from '~/__generated__/ModerationPageQuery.graphql';
import type { ModerationPageReportsQuery } from '~/__generated__/ModerationPageReportsQuery.graphql';
import { Button, buttonClass } from '~/design/Button';
import styles from '~/desk/Desk.module.css';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { preload, usePage } from '~/relay/usePage';
import { moderationWords } from '~/report/words';
import { places } from '~/routing/places';
import { SignedOut } from '~/session/SignedOut';
import { Page } from '~/shell/Page';
import { usePages } from '~/timeline/usePages';
import { ActionLine } from './ActionLine';

const QUERY = graphql`
  query ModerationPageQuery {
    viewer {
      role
      strikes
      ...ModerationPage_actions
      ...ModerationPage_reports
    }
  }
`;

export const loader = async () => {
  await moderationWords.learn();
  return preload<ModerationPageQuery>(QUERY, {});
};

/** What was decided about oneself, with appeals, and what one reported. */
export function Component() {
  const text = useText();
  const words = moderationWords.useText();
  const { viewer } = usePage<ModerationPageQuery>(QUERY, useLoaderData<PreloadedQuery<ModerationPageQuery>>());
  if (!viewer) {
    return (
      <Page title={words.title} back>
        <SignedOut title={words.title} text={text.signing.signedOutText} />
      </Page>
    );
  }
  return (
    <Page title={words.title} back>
      <section className={styles.part}>
        <h2>{words.about}</h2>
        <p className={styles.soft}>{words.aboutText}</p>
        <p>
          <span className={styles.strong}>{words.strikes(viewer.strikes)}</span>{' '}
          {viewer.strikes > 0 && <span className={styles.note}>{words.strikesText}</span>}
        </p>
        <Actions viewer={viewer} />
      </section>
      <section className={styles.part} id="reports">
        <h2>{words.reports}</h2>
        <Reports viewer={viewer} />
      </section>
      <section className={styles.part}>
        <div className={styles.buttons}>
          <Link to={places.transparency} className={buttonClass({ look: 'quiet' })}>
            {words.figures}
          </Link>
          {viewer.role !== 'MEMBER' && (
            <Link to={places.desk} className={buttonClass({ look: 'quiet' })}>
              {words.desk}
            </Link>
          )}
        </div>
      </section>
    </Page>
  );
}

function Actions({ viewer }: { viewer: ModerationPage_actions$key }) {
  const text = useText();
  const words = moderationWords.useText();
  const { data, ...pagination } = usePaginationFragment<ModerationPageActionsQuery, ModerationPage_actions$key>(
    graphql`
      fragment ModerationPage_actions on Viewer
      @refetchable(queryName: "ModerationPageActionsQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
        moderationActions(first: $first, after: $after) @connection(key: "ModerationPage_moderationActions") {
          edges {
            node {
              id
              ...ActionLine_action
            }
          }
        }
      }
    `,
    viewer,
  );
  const { hasNext, isLoading, load } = usePages(pagination);
  const edges = data.moderationActions?.edges ?? [];
  if (!edges.length) return <p className={styles.note}>{words.nothing}</p>;
  return (
    <>
      <ul className={styles.list}>
        {edges.map(({ node }) => (
          <ActionLine key={node.id} action={node} />
        ))}
      </ul>
      {hasNext && (
        <Button look="quiet" busy={isLoading} onClick={load}>
          {text.common.more}
        </Button>
      )}
    </>
  );
}

function Reports({ viewer }: { viewer: ModerationPage_reports$key }) {
  const text = useText();
  const words = moderationWords.useText();
  const format = useFormat();
  const { data, ...pagination } = usePaginationFragment<ModerationPageReportsQuery, ModerationPage_reports$key>(
    graphql`
      fragment ModerationPage_reports on Viewer
      @refetchable(queryName: "ModerationPageReportsQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
        reports(first: $first, after: $after) @connection(key: "ModerationPage_reports") {
          edges {
            node {
              id
              subjectKind
              reason
              note
              state
              createdAt
              post {
                id
                author {
                  handle
                }
              }
              user {
                handle
              }
            }
          }
        }
      }
    `,
    viewer,
  );
  const { hasNext, isLoading, load } = usePages(pagination);
  const edges = data.reports?.edges ?? [];
  if (!edges.length) return <p className={styles.note}>{words.noReports}</p>;
  return (
    <>
      <ul className={styles.list}>
        {edges.map(({ node }) => (
          <li key={node.id}>
            <p className={styles.head}>
              <strong>{words.states[node.state]}</strong>
              <span className={styles.note}>
                {words.subjects[node.subjectKind]} · {words.reasons[node.reason] ?? node.reason} ·{' '}
                <time dateTime={node.createdAt}>{format.since(node.createdAt)}</time>
                {node.post && (
                  <>
                    {' · '}
                    <Link to={places.post(node.post.id)}>{words.see}</Link> {words.of(node.post.author.handle)}
                  </>
                )}
                {node.user && (
                  <>
                    {' · '}
                    <Link to={places.person(node.user.handle)}>{words.of(node.user.handle)}</Link>
                  </>
                )}
              </span>
            </p>
            {node.note && (
              <p className={styles.soft} dir="auto">
                {node.note}
              </p>
            )}
          </li>
        ))}
      </ul>
      {hasNext && (
        <Button look="quiet" busy={isLoading} onClick={load}>
          {text.common.more}
        </Button>
      )}
    </>
  );
}
