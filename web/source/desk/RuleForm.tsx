import { type FormEvent, useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import { useNavigate } from 'react-router';
import type { RuleForm_rule$key } from '~/__generated__/RuleForm_rule.graphql';
import type { RuleFormCreateMutation } from '~/__generated__/RuleFormCreateMutation.graphql';
import type { RuleFormUpdateMutation } from '~/__generated__/RuleFormUpdateMutation.graphql';
import { Button } from '~/design/Button';
import { Field, SelectField, TextField } from '~/design/Field';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { codeText, type Refusal } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { moderationWords, REASONS } from '~/report/words';
import { places } from '~/routing/places';
import styles from './Desk.module.css';
import { automodWords } from './ruleWords';

const LABELS = ['ADULT', 'GRAPHIC', 'MISLEADING', 'DEEPFAKE', 'SPAM', 'UNVERIFIED'] as const;
const COUNTED = ['minLinks', 'minMentions', 'minHashtags'] as const;

const lines = (text: string) => text.split('\n').flatMap((line) => line.trim() || []);
const number = (text: string) => (text.trim() ? Number(text) : null);
const shown = (value: number | null | undefined) => (value == null ? '' : String(value));

/** What a rule says, to be changed by who may. */
export function RuleForm({ rule, may }: { rule: RuleForm_rule$key | null; may: boolean }) {
  const text = useText();
  const words = automodWords.useText();
  const desk = moderationWords.useText();
  const navigate = useNavigate();
  const found = useFragment(
    graphql`
      fragment RuleForm_rule on AutomodRule {
        id
        version
        state
        definition {
          name
          target
          outcome
          reason
          label {
            value
          }
          phrases
          hashtags
          minLinks
          minMentions
          minHashtags
          youngerThanDays
          sensitivePictures
          sparesTeam
          sparesOlderThanDays
          sparesAnswersToFollowers
          mostAnHour
        }
      }
    `,
    rule,
  );
  const was = found?.definition;
  const [given, setGiven] = useState({
    name: was?.name ?? '',
    target: was?.target ?? 'POST',
    outcome: was?.outcome ?? 'QUEUE',
    reason: was?.reason ?? 'SPAM',
    label: was?.label?.value ?? 'SPAM',
    phrases: was?.phrases.join('\n') ?? '',
    hashtags: was?.hashtags.join('\n') ?? '',
    minLinks: shown(was?.minLinks),
    minMentions: shown(was?.minMentions),
    minHashtags: shown(was?.minHashtags),
    youngerThanDays: shown(was?.youngerThanDays),
    sensitivePictures: was?.sensitivePictures ?? false,
    sparesTeam: was?.sparesTeam ?? true,
    sparesOlderThanDays: shown(was?.sparesOlderThanDays),
    sparesAnswersToFollowers: was?.sparesAnswersToFollowers ?? false,
    mostAnHour: shown(was?.mostAnHour ?? 100),
  });
  const [refused, setRefused] = useState<readonly Refusal[]>([]);
  const [create, creating] = useAction<RuleFormCreateMutation>(graphql`
    mutation RuleFormCreateMutation($input: CreateAutomodRuleInput!) {
      createAutomodRule(input: $input) {
        rule {
          id
        }
        userErrors {
          code
          path
        }
      }
    }
  `);
  const [update, updating] = useAction<RuleFormUpdateMutation>(graphql`
    mutation RuleFormUpdateMutation($input: UpdateAutomodRuleInput!) {
      updateAutomodRule(input: $input) {
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
          ...RuleForm_rule
        }
        userErrors {
          code
          path
        }
      }
    }
  `);
  const posts = given.target === 'POST';
  const change = (values: Partial<typeof given>) => setGiven((now) => ({ ...now, ...values }));
  const wrong = (name: string) => {
    const one = refused.find(({ path }) => path?.[1] === name);
    return one && (words.wrong[name] ?? codeText(text, one.code));
  };
  const other = refused.find(({ path }) => (path?.length ?? 0) < 2);
  const unconditional = other?.code === 'BAD_USER_INPUT' && other.path?.[0] === 'rule';
  const send = (event: FormEvent) => {
    event.preventDefault();
    setRefused([]);
    const says = {
      ...given,
      label: given.outcome === 'LABEL' ? { value: given.label } : null,
      phrases: lines(given.phrases),
      hashtags: posts ? lines(given.hashtags) : [],
      minLinks: posts ? number(given.minLinks) : null,
      minMentions: posts ? number(given.minMentions) : null,
      minHashtags: posts ? number(given.minHashtags) : null,
      youngerThanDays: number(given.youngerThanDays),
      sensitivePictures: posts && given.sensitivePictures,
      sparesOlderThanDays: number(given.sparesOlderThanDays),
      sparesAnswersToFollowers: posts && given.sparesAnswersToFollowers,
      mostAnHour: number(given.mostAnHour) ?? 100,
    };
    if (found) {
      update({
        input: { ruleId: found.id, version: found.version, rule: says },
        onDone: () => toast(words.kept),
        onRefused: setRefused,
      });
    } else {
      create({
        input: { rule: says },
        onDone: ({ createAutomodRule: { rule: made } }) => {
          toast(words.kept);
          if (made) navigate(places.rule(made.id), { replace: true });
        },
        onRefused: setRefused,
      });
    }
  };
  const count = (
    name: 'minLinks' | 'minMentions' | 'minHashtags' | 'youngerThanDays' | 'sparesOlderThanDays' | 'mostAnHour',
  ) => (
    <Field
      key={name}
      label={words[name]}
      hint={name === 'mostAnHour' ? words.mostAnHourHint : undefined}
      error={wrong(name)}
      type="number"
      min={1}
      inputMode="numeric"
      value={given[name]}
      onChange={({ target: { value } }) => change({ [name]: value })}
    />
  );
  const check = (name: 'sensitivePictures' | 'sparesTeam' | 'sparesAnswersToFollowers') => (
    <label className={styles.check}>
      <input type="checkbox" checked={given[name]} onChange={({ target }) => change({ [name]: target.checked })} />
      {words[name]}
    </label>
  );
  const choices = (
    name: 'target' | 'outcome' | 'reason' | 'label',
    of: Record<string, string>,
    all: readonly string[],
  ) => (
    <SelectField
      label={words[name]}
      error={wrong(name)}
      value={given[name]}
      onChange={({ target: { value } }) => change({ [name]: value } as Partial<typeof given>)}
    >
      {all.map((one) => (
        <option key={one} value={one}>
          {of[one]}
        </option>
      ))}
    </SelectField>
  );
  return (
    <form onSubmit={send} noValidate>
      <fieldset className={styles.plain} disabled={!may}>
        <section className={styles.part}>
          <h2>{words.says}</h2>
          <div className={styles.fields}>
            <Field
              label={words.name}
              error={wrong('name')}
              maxLength={60}
              dir="auto"
              value={given.name}
              onChange={({ target: { value } }) => change({ name: value })}
            />
            {choices('target', words.targets, ['POST', 'ACCOUNT'])}
            {choices('outcome', words.outcomes, posts ? ['QUEUE', 'LABEL', 'HOLD'] : ['QUEUE', 'LABEL'])}
            {choices('reason', desk.reasons, REASONS)}
            {given.outcome === 'LABEL' && choices('label', desk.labels, LABELS)}
          </div>
        </section>
        <section className={styles.part}>
          <h2>{words.when}</h2>
          <p className={styles.note}>{words.whenText}</p>
          <TextField
            label={words.phrases}
            hint={words.phrasesHint}
            error={wrong('phrases')}
            rows={5}
            dir="auto"
            value={given.phrases}
            onChange={({ target: { value } }) => change({ phrases: value })}
          />
          {posts && (
            <TextField
              label={words.hashtags}
              error={wrong('hashtags')}
              rows={2}
              dir="auto"
              value={given.hashtags}
              onChange={({ target: { value } }) => change({ hashtags: value })}
            />
          )}
          <div className={styles.fields}>
            {posts && COUNTED.map(count)}
            {count('youngerThanDays')}
          </div>
          {posts && check('sensitivePictures')}
        </section>
        <section className={styles.part}>
          <h2>{words.spares}</h2>
          <div className={styles.fields}>
            {count('sparesOlderThanDays')}
            {count('mostAnHour')}
          </div>
          {check('sparesTeam')}
          {posts && check('sparesAnswersToFollowers')}
          {found?.state === 'ON' && <p className={styles.note}>{words.backToDry}</p>}
          {other && (
            <p role="alert" className={styles.soft}>
              {unconditional ? words.unconditional : codeText(text, other.code)}
            </p>
          )}
          {may && (
            <div className={styles.buttons}>
              <Button type="submit" busy={creating || updating}>
                {words.keep}
              </Button>
            </div>
          )}
        </section>
      </fieldset>
    </form>
  );
}
