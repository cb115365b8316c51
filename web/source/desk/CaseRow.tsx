import { graphql, useFragment } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { CaseRow_case$key } from '~/__generated__/CaseRow_case.graphql';
import { useFormat } from '~/i18n/format';
import { moderationWords } from '~/report/words';
import { places } from '~/routing/places';
import styles from './Desk.module.css';

/** A case in a list: what it is about, why, and how urgent. */
export function CaseRow({ node }: { node: CaseRow_case$key }) {
  const words = moderationWords.useText();
  const format = useFormat();
  const found = useFragment(
    graphql`
      fragment CaseRow_case on ModerationCase {
        id
        number
        state
        urgency
        subjectKind
        handle
        reportCount
        reasons
        strikes
        createdAt
        assignee {
          handle
        }
        evidence {
          text
        }
      }
    `,
    node,
  );
  const said = found.evidence.at(-1)?.text;
  return (
    <li className={styles.row}>
      <div className={styles.head}>
        <Link to={places.case(found.id)} className={styles.open}>
          <strong>{words.case(found.number)}</strong>
        </Link>
        {found.urgency > 0 && <span className={styles.urgent}>{words.urgency[found.urgency]}</span>}
        <span className={styles.note}>
          {words.subjects[found.subjectKind]} · @{found.handle} · {words.reported(found.reportCount)} ·{' '}
          <time dateTime={found.createdAt} title={format.moment(found.createdAt)}>
            {format.since(found.createdAt)}
          </time>
        </span>
      </div>
      <p className={styles.said} dir="auto">
        {said || words.nothingSaid}
      </p>
      <div className={styles.chips}>
        {found.reasons.map((reason) => (
          <span key={reason} className={styles.chip}>
            {words.reasons[reason] ?? reason}
          </span>
        ))}
        {found.strikes > 0 && <span className={styles.chip}>{words.strikes(found.strikes)}</span>}
        {found.state === 'OPEN' && found.assignee && (
          <span className={styles.chip}>{words.taken(found.assignee.handle)}</span>
        )}
      </div>
    </li>
  );
}
