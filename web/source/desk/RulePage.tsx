import { graphql, type PreloadedQuery } from 'react-relay/hooks';
import { type LoaderFunctionArgs, useLoaderData, useNavigate } from 'react-router';
import type { RulePageDeleteMutation } from '~/__generated__/RulePageDeleteMutation.graphql';
import type { RulePageQuery } from '~/__generated__/RulePageQuery.graphql';
import type { RulePageStateMutation } from '~/__generated__/RulePageStateMutation.graphql';
import { Button } from '~/design/Button';
import { toast } from '~/design/Toast';
import { useFormat } from '~/i18n/format';
import { useAction } from '~/relay/useAction';
import { preload, usePage } from '~/relay/usePage';
import { moderationWords } from '~/report/words';
import { places } from '~/routing/places';
import { Empty } from '~/shell/Empty';
import { Page } from '~/shell/Page';
import styles from './Desk.module.css';
import { RuleForm } from './RuleForm';
import { RuleTrial } from './RuleTrial';
import { automodWords } from './ruleWords';

const QUERY = graphql`
  query RulePageQuery($id: ID!) {
    viewer {
      desk {
        canEditAutomodRules
      }
    }
    node(id: $id) {
      __typename
      ... on AutomodRule {
        id
        state
        version
        nextStates
        definition {
          name
        }
        days {
          day
          examined
          matched
        }
        history {
          version
          state
          note
          at
          actor {
            handle
          }
        }
        ...RuleForm_rule
        ...RuleTrial_rule
      }
    }
  }
`;

export const loader = async ({ params }: LoaderFunctionArgs) => {
  await Promise.all([moderationWords.learn(), automodWords.learn()]);
  return preload<RulePageQuery>(QUERY, { id: params.id ?? '' });
};

/** One rule: what it says and does, what it would have matched, and who changed it; or a new one. */
export function Component() {
  const words = automodWords.useText();
  const desk = moderationWords.useText();
  const format = useFormat();
  const navigate = useNavigate();
  const reference = useLoaderData<PreloadedQuery<RulePageQuery>>();
  const { viewer, node } = usePage<RulePageQuery>(QUERY, reference);
  const [turn, turning] = useAction<RulePageStateMutation>(graphql`
    mutation RulePageStateMutation($input: SetAutomodRuleStateInput!) {
      setAutomodRuleState(input: $input) {
        rule {
          id
          state
          version
          nextStates
          history {
            version
            state
            note
            at
            actor {
              handle
            }
          }
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [remove, removing] = useAction<RulePageDeleteMutation>(graphql`
    mutation RulePageDeleteMutation($input: DeleteAutomodRuleInput!) {
      deleteAutomodRule(input: $input) {
        deletedRuleId
        userErrors {
          code
        }
      }
    }
  `);
  const may = viewer?.desk?.canEditAutomodRules ?? false;
  if (reference.variables.id === 'new' && may) {
    return (
      <Page title={words.fresh} back>
        <RuleForm rule={null} may />
      </Page>
    );
  }
  if (node?.__typename !== 'AutomodRule') {
    return (
      <Page title={words.title} back>
        <Empty title={words.title} text={words.missing} />
      </Page>
    );
  }
  const still = node.state === 'DRAFT' || node.state === 'OFF';
  return (
    <Page title={node.definition.name} back>
      <section className={styles.part}>
        <p className={styles.head}>
          <span className={styles.chip}>{words.states[node.state]}</span>
          <span className={styles.note}>
            {words.version(node.version)} · {words.stateText[node.state]}
          </span>
        </p>
        {may ? (
          <div className={styles.buttons}>
            {node.nextStates.map((state) => (
              <Button
                key={state}
                small
                look={state === 'ON' ? 'primary' : 'quiet'}
                busy={turning}
                onClick={() => turn({ input: { ruleId: node.id, version: node.version, state } })}
              >
                {words.turn[state]}
              </Button>
            ))}
            {still && (
              <Button
                small
                look="danger"
                busy={removing}
                onClick={() =>
                  remove({
                    input: { ruleId: node.id },
                    onDone: () => {
                      toast(words.deleted);
                      navigate(places.deskTab('rules'), { replace: true });
                    },
                  })
                }
              >
                {words.delete}
              </Button>
            )}
          </div>
        ) : (
          <p className={styles.note}>{words.readOnly}</p>
        )}
      </section>
      <RuleTrial rule={node} may={may} />
      {node.days.length > 0 && (
        <section className={styles.part}>
          <h2>{words.lately}</h2>
          <ul className={styles.figures}>
            {node.days.map(({ day, examined, matched }) => (
              <li key={day} className={styles.figure}>
                <span>{format.day(day)}</span>
                <span>
                  {matched} / {examined}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <RuleForm key={node.version} rule={node} may={may} />
      <section className={styles.part}>
        <h2>{words.history}</h2>
        <ul className={styles.list}>
          {node.history.map((one) => (
            <li key={one.version}>
              <span>
                <span className={styles.strong}>{one.actor ? desk.of(one.actor.handle) : words.house}</span> ·{' '}
                {words.version(one.version)} · {words.states[one.state]}
              </span>
              <span className={styles.note}>
                <time dateTime={one.at}>{format.moment(one.at)}</time>
                {one.note && <> · {one.note}</>}
              </span>
            </li>
          ))}
        </ul>
      </section>
    </Page>
  );
}
