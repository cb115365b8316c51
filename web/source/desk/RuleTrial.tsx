import { type FormEvent, useEffect, useState } from 'react';
import { fetchQuery, graphql, useFragment, useRelayEnvironment } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { RuleTrial_rule$key } from '~/__generated__/RuleTrial_rule.graphql';
import type { RuleTrialCancelMutation } from '~/__generated__/RuleTrialCancelMutation.graphql';
import type { RuleTrialQuery } from '~/__generated__/RuleTrialQuery.graphql';
import type { RuleTrialStartMutation } from '~/__generated__/RuleTrialStartMutation.graphql';
import { Button } from '~/design/Button';
import { Field } from '~/design/Field';
import { useFormat } from '~/i18n/format';
import { useAction } from '~/relay/useAction';
import { places } from '~/routing/places';
import styles from './Desk.module.css';
import { automodWords } from './ruleWords';

const LOOK_MILLISECONDS = 1_500;
const QUERY = graphql`
  query RuleTrialQuery($id: ID!) {
    node(id: $id) {
      ...RuleTrial_rule
    }
  }
`;

/** A dry run over what is there already: asked for, watched while it runs, and what it found. */
export function RuleTrial({ rule, may }: { rule: RuleTrial_rule$key; may: boolean }) {
  const words = automodWords.useText();
  const format = useFormat();
  const environment = useRelayEnvironment();
  const { id, runs } = useFragment(
    graphql`
      fragment RuleTrial_rule on AutomodRule {
        id
        runs {
          id
          version
          state
          expected
          passed
          examined
          matched
          upheld
          dismissed
          days {
            day
            examined
            matched
          }
          examples {
            post {
              id
              text
            }
            user {
              handle
            }
            phrases
            decision
          }
        }
      }
    `,
    rule,
  );
  const [days, setDays] = useState('30');
  const [most, setMost] = useState('10000');
  const [start, starting] = useAction<RuleTrialStartMutation>(graphql`
    mutation RuleTrialStartMutation($input: StartAutomodRunInput!) {
      startAutomodRun(input: $input) {
        run {
          id
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [cancel, cancelling] = useAction<RuleTrialCancelMutation>(graphql`
    mutation RuleTrialCancelMutation($input: CancelAutomodRunInput!) {
      cancelAutomodRun(input: $input) {
        run {
          id
          state
        }
        userErrors {
          code
        }
      }
    }
  `);
  const run = runs[0];
  const running = run?.state === 'RUNNING';
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => look(), LOOK_MILLISECONDS);
    const look = () =>
      fetchQuery<RuleTrialQuery>(environment, QUERY, { id }, { fetchPolicy: 'network-only' }).subscribe({});
    return () => clearInterval(timer);
  }, [environment, id, running]);
  const send = (event: FormEvent) => {
    event.preventDefault();
    start({
      input: { ruleId: id, days: Number(days), most: Number(most) },
      onDone: () =>
        fetchQuery<RuleTrialQuery>(environment, QUERY, { id }, { fetchPolicy: 'network-only' }).subscribe({}),
    });
  };
  const decided = run ? run.upheld + run.dismissed : 0;
  const figures = run && [
    [words.examined, run.examined],
    [words.matched, run.matched],
    [words.upheld, run.upheld],
    [words.dismissed, run.dismissed],
    [words.undecided, run.matched - decided],
  ];
  return (
    <section className={styles.part}>
      <h2>{words.past}</h2>
      <p className={styles.note}>{words.pastText}</p>
      {may && !running && (
        <form className={styles.form} onSubmit={send} noValidate>
          <div className={styles.fields}>
            <Field
              label={words.days}
              type="number"
              min={1}
              max={365}
              value={days}
              onChange={({ target: { value } }) => setDays(value)}
            />
            <Field
              label={words.most}
              type="number"
              min={1}
              max={100_000}
              value={most}
              onChange={({ target: { value } }) => setMost(value)}
            />
          </div>
          <Button type="submit" small busy={starting}>
            {words.try}
          </Button>
        </form>
      )}
      {run && (
        <>
          <p className={styles.head} role="status">
            <strong>{words.runStates[run.state]}</strong>
            <span className={styles.note}>
              {words.version(run.version)} · {words.progress(run.passed, run.expected)}
            </span>
          </p>
          {running && (
            <>
              <progress
                className={styles.progress}
                aria-label={words.past}
                max={Math.max(run.expected, 1)}
                value={run.passed}
              />
              {may && (
                <Button small look="quiet" busy={cancelling} onClick={() => cancel({ input: { runId: run.id } })}>
                  {words.cancel}
                </Button>
              )}
            </>
          )}
          <ul className={styles.figures}>
            {figures?.map(([label, value]) => (
              <li key={label} className={styles.figure}>
                <span>{label}</span>
                <span>{value}</span>
              </li>
            ))}
          </ul>
          {decided > 0 && <p>{words.precision(Math.round((run.upheld / decided) * 100))}</p>}
          {run.days.some(({ matched }) => matched > 0) && (
            <>
              <h3>{words.byDay}</h3>
              <ul className={styles.figures}>
                {run.days
                  .filter(({ matched }) => matched > 0)
                  .slice(0, 31)
                  .map(({ day, examined, matched }) => (
                    <li key={day} className={styles.figure}>
                      <span>{format.day(day)}</span>
                      <span>
                        {matched} / {examined}
                      </span>
                    </li>
                  ))}
              </ul>
            </>
          )}
          <h3>{words.examples}</h3>
          {run.examples.length === 0 && <p className={styles.note}>{words.noExamples}</p>}
          <ul className={styles.list}>
            {run.examples.map(({ post, user, phrases, decision }, at) => (
              <li key={post?.id ?? user?.handle ?? at}>
                {post && (
                  <p className={styles.said} dir="auto">
                    {post.text}
                  </p>
                )}
                {!post && !user && <p className={styles.note}>{words.unseen}</p>}
                <span className={styles.chips}>
                  {post && (
                    <Link to={places.post(post.id)} className={styles.go}>
                      {words.openPost}
                    </Link>
                  )}
                  {user && (
                    <Link to={places.person(user.handle)} className={styles.go}>
                      @{user.handle}
                    </Link>
                  )}
                  {decision && <span className={styles.chip}>{words.decisions[decision]}</span>}
                  {phrases.map((phrase) => (
                    <span key={phrase} className={styles.chip} dir="auto">
                      {phrase}
                    </span>
                  ))}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
