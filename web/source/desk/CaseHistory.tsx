import { Suspense, useEffect, useRef, useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { CaseHistory_case$key } from '~/__generated__/CaseHistory_case.graphql';
import type { CaseHistoryUndoMutation } from '~/__generated__/CaseHistoryUndoMutation.graphql';
import { Button } from '~/design/Button';
import { toast } from '~/design/Toast';
import { useFormat } from '~/i18n/format';
import { useAction } from '~/relay/useAction';
import { moderationWords } from '~/report/words';
import { later } from '~/routing/later';
import { places } from '~/routing/places';
import styles from './Desk.module.css';

const Confirm = later(() => import('~/design/Confirm'));
const NEVER = new Set(['DISMISS', 'REVERSE', 'UPHOLD']);

/** What was done in a case, the newest first, and the way to undo it. */
export function CaseHistory({ node }: { node: CaseHistory_case$key }) {
  const words = moderationWords.useText();
  const format = useFormat();
  const [asked, setAsked] = useState<string>();
  const { actions } = useFragment(
    graphql`
      fragment CaseHistory_case on ModerationCase {
        id
        actions(first: 50) {
          edges {
            node {
              id
              kind
              rule
              note
              isAutomatic
              automodRule {
                id
                definition {
                  name
                }
              }
              subjectKind
              createdAt
              reversedAt
              person {
                handle
              }
              moderator {
                handle
              }
            }
          }
        }
      }
    `,
    node,
  );
  const [undo, busy] = useAction<CaseHistoryUndoMutation>(graphql`
    mutation CaseHistoryUndoMutation($input: ReverseActionInput!) {
      reverseAction(input: $input) {
        case {
          id
          strikes
          ...CaseHistory_case
        }
        userErrors {
          code
        }
      }
    }
  `);
  const edges = actions?.edges ?? [];
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(edges.length);
  useEffect(() => {
    if (edges.length > shown.current) heading.current?.focus(); // what was pressed for it may be gone
    shown.current = edges.length;
  }, [edges.length]);
  if (!edges.length) return null;
  return (
    <section className={styles.part}>
      <h2 ref={heading} tabIndex={-1}>
        {words.history}
      </h2>
      <ul className={styles.list}>
        {edges.map(({ node: one }) => (
          <li key={one.id}>
            <p className={styles.head}>
              <strong>{words.done[one.kind] ?? one.kind}</strong>
              <span className={styles.note}>
                {words.subjects[one.subjectKind]}
                {one.person && ` · @${one.person.handle}`}
                {one.moderator && ` · ${words.byWhom(one.moderator.handle)}`}
                {one.isAutomatic && ` · ${words.automatic}`}
                {one.automodRule && (
                  <>
                    {' · '}
                    <Link to={places.rule(one.automodRule.id)} dir="auto">
                      {one.automodRule.definition.name}
                    </Link>
                  </>
                )}{' '}
                · <time dateTime={one.createdAt}>{format.since(one.createdAt)}</time>
              </span>
            </p>
            <p className={styles.soft} dir="auto">
              {words.reasons[one.rule] ?? one.rule}
              {one.note && ` – ${one.note}`}
            </p>
            {one.reversedAt ? (
              <p className={styles.note}>{words.undone}</p>
            ) : (
              !NEVER.has(one.kind) && (
                <div className={styles.buttons}>
                  <Button small look="quiet" onClick={() => setAsked(one.id)}>
                    {words.undo}
                  </Button>
                </div>
              )
            )}
          </li>
        ))}
      </ul>
      <Suspense>
        {asked && (
          <Confirm
            open
            onOpenChange={(open) => !open && setAsked(undefined)}
            title={words.undoTitle}
            text={words.undoText}
            action={words.undo}
            busy={busy}
            onConfirm={() =>
              undo({
                input: { actionId: asked },
                onDone: () => {
                  setAsked(undefined);
                  toast(words.decided);
                },
              })
            }
          />
        )}
      </Suspense>
    </section>
  );
}
