import { graphql, type PreloadedQuery } from 'react-relay/hooks';
import { Link, useLoaderData } from 'react-router';
import type { RulesPageQuery } from '~/__generated__/RulesPageQuery.graphql';
import { preload, usePage } from '~/relay/usePage';
import { moderationWords } from '~/report/words';
import { places } from '~/routing/places';
import { Empty } from '~/shell/Empty';
import styles from './Desk.module.css';
import { DeskTabs } from './DeskTabs';
import { automodWords } from './ruleWords';

const QUERY = graphql`
  query RulesPageQuery {
    viewer {
      desk {
        waitingCaseCount
        waitingAppealCount
        canEditAutomodRules
        automodRules {
          id
          state
          definition {
            name
            target
            outcome
          }
          days {
            matched
          }
        }
      }
    }
  }
`;

export const loader = async () => {
  await Promise.all([moderationWords.learn(), automodWords.learn()]);
  return preload<RulesPageQuery>(QUERY, {});
};

/** The rules by which programs moderate. */
export function Component() {
  const words = automodWords.useText();
  const { viewer } = usePage<RulesPageQuery>(QUERY, useLoaderData<PreloadedQuery<RulesPageQuery>>());
  const desk = viewer?.desk;
  const rules = desk?.automodRules ?? [];
  return (
    <DeskTabs desk={desk}>
      <section className={styles.part}>
        <p className={styles.soft}>{words.text}</p>
        {desk?.canEditAutomodRules && (
          <p>
            <Link to={places.rule('new')} className={styles.go}>
              {words.write}
            </Link>
          </p>
        )}
      </section>
      {rules.length === 0 && <Empty title={words.none} text={words.noneText} />}
      <ul aria-label={words.title}>
        {rules.map(({ id, state, definition, days }) => (
          <li key={id} className={styles.row}>
            <div className={styles.head}>
              <Link to={places.rule(id)} className={styles.open}>
                <strong dir="auto">{definition.name}</strong>
              </Link>
              <span className={styles.chip}>{words.states[state] ?? state}</span>
            </div>
            <span className={styles.note}>
              {words.targets[definition.target]} · {words.outcomes[definition.outcome]} ·{' '}
              {words.matches(days.reduce((sum, { matched }) => sum + matched, 0))}
            </span>
          </li>
        ))}
      </ul>
    </DeskTabs>
  );
}
