import { useState } from 'react';
import { graphql, type PreloadedQuery, useFragment, usePaginationFragment } from 'react-relay/hooks';
import { Link, useLoaderData } from 'react-router';
import { ConnectionHandler } from 'relay-runtime';
import type { AppealsPage_appeal$key } from '~/__generated__/AppealsPage_appeal.graphql';
import type { AppealsPage_viewer$key } from '~/__generated__/AppealsPage_viewer.graphql';
import type { AppealsPageDecideMutation } from '~/__generated__/AppealsPageDecideMutation.graphql';
import type { AppealsPageMoreQuery } from '~/__generated__/AppealsPageMoreQuery.graphql';
import type { AppealsPageQuery } from '~/__generated__/AppealsPageQuery.graphql';
import { Button } from '~/design/Button';
import { TextField } from '~/design/Field';
import { toast } from '~/design/Toast';
import { useFormat } from '~/i18n/format';
import { useAction } from '~/relay/useAction';
import { preload, usePage } from '~/relay/usePage';
import { moderationWords } from '~/report/words';
import { places } from '~/routing/places';
import { useViewer } from '~/session/viewer';
import { Empty } from '~/shell/Empty';
import { More } from '~/timeline/More';
import { usePages } from '~/timeline/usePages';
import styles from './Desk.module.css';
import { DeskTabs } from './DeskTabs';

const QUERY = graphql`
  query AppealsPageQuery {
    viewer {
      desk {
        waitingCaseCount
        waitingAppealCount
      }
      ...AppealsPage_viewer
    }
  }
`;

export const loader = async () => {
  await moderationWords.learn();
  return preload<AppealsPageQuery>(QUERY, {});
};

/** What people say against what was decided about them, the oldest first. */
export function Component() {
  const { viewer } = usePage<AppealsPageQuery>(QUERY, useLoaderData<PreloadedQuery<AppealsPageQuery>>());
  return <DeskTabs desk={viewer?.desk}>{viewer && <Appeals viewer={viewer} />}</DeskTabs>;
}

function Appeals({ viewer }: { viewer: AppealsPage_viewer$key }) {
  const words = moderationWords.useText();
  const { data, ...pagination } = usePaginationFragment<AppealsPageMoreQuery, AppealsPage_viewer$key>(
    graphql`
      fragment AppealsPage_viewer on Viewer
      @refetchable(queryName: "AppealsPageMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
        desk {
          appeals(first: $first, after: $after) @connection(key: "AppealsPage_appeals") {
            __id
            edges {
              node {
                id
                ...AppealsPage_appeal
              }
            }
          }
        }
      }
    `,
    viewer,
  );
  const pages = usePages(pagination);
  const list = data.desk?.appeals;
  const edges = list?.edges ?? [];
  if (!edges.length && !pages.hasNext) return <Empty title={words.noneAppeals} />;
  return (
    <>
      <ul aria-label={words.tabs.appeals}>
        {edges.map(({ node }) => (
          <AppealRow key={node.id} appeal={node} listId={list?.__id ?? ''} />
        ))}
      </ul>
      {pages.hasNext && <More {...pages} />}
    </>
  );
}

function AppealRow({ appeal: key, listId }: { appeal: AppealsPage_appeal$key; listId: string }) {
  const words = moderationWords.useText();
  const format = useFormat();
  const viewer = useViewer();
  const [answer, setAnswer] = useState('');
  const appeal = useFragment(
    graphql`
      fragment AppealsPage_appeal on Appeal {
        id
        text
        createdAt
        person {
          handle
        }
        action {
          kind
          rule
          note
          subjectKind
          post {
            id
          }
          case {
            id
            number
          }
          moderator {
            id
            handle
          }
        }
      }
    `,
    key,
  );
  const [decide, busy] = useAction<AppealsPageDecideMutation>(graphql`
    mutation AppealsPageDecideMutation($input: DecideAppealInput!) {
      decideAppeal(input: $input) {
        appeal {
          id
          state
        }
        userErrors {
          code
        }
      }
    }
  `);
  const { action, person } = appeal;
  const own = action?.moderator?.id === viewer?.id;
  const send = (grants: boolean) =>
    decide({
      input: { appealId: appeal.id, grants, answer },
      updater: (store) => {
        const list = store.get(listId);
        if (list && store.getRootField('decideAppeal')?.getLinkedRecord('appeal')) {
          ConnectionHandler.deleteNode(list, appeal.id);
          const desk = store.getRoot().getLinkedRecord('viewer')?.getLinkedRecord('desk');
          const waiting = desk?.getValue('waitingAppealCount');
          if (typeof waiting === 'number' && waiting > 0) desk?.setValue(waiting - 1, 'waitingAppealCount');
        }
      },
      onDone: () => toast(words.answered),
    });
  return (
    <li className={styles.row}>
      <p className={styles.head}>
        <strong>{person ? words.of(person.handle) : words.appellantGone}</strong>
        <span className={styles.note}>
          {action && `${words.done[action.kind]} · ${words.subjects[action.subjectKind]} · `}
          <time dateTime={appeal.createdAt}>{format.since(appeal.createdAt)}</time>
        </span>
      </p>
      {action && (
        <p className={styles.soft}>
          {words.rule(words.reasons[action.rule] ?? action.rule)}
          {action.note && ` – ${action.note}`}
        </p>
      )}
      <p dir="auto">{appeal.text}</p>
      {(action?.case || action?.post) && (
        <p className={styles.note}>
          {action.case && <Link to={places.case(action.case.id)}>{words.case(action.case.number)}</Link>}
          {action.case && action.post && ' · '}
          {action.post && <Link to={places.post(action.post.id)}>{words.see}</Link>}
        </p>
      )}
      {own ? (
        <p className={styles.note}>{words.own}</p>
      ) : (
        <>
          <TextField
            label={person ? words.answerOf(person.handle) : words.answer}
            rows={2}
            maxLength={1_500}
            dir="auto"
            value={answer}
            onChange={({ target: { value } }) => setAnswer(value)}
          />
          <div className={styles.buttons}>
            <Button small busy={busy} onClick={() => send(true)}>
              {words.grant}
            </Button>
            <Button small look="quiet" busy={busy} onClick={() => send(false)}>
              {words.uphold}
            </Button>
          </div>
        </>
      )}
    </li>
  );
}
