import { type FormEvent, useState } from 'react';
import { fetchQuery, graphql, type PreloadedQuery, useRelayEnvironment } from 'react-relay/hooks';
import { useLoaderData } from 'react-router';
import type { TeamPageFindQuery } from '~/__generated__/TeamPageFindQuery.graphql';
import type { TeamPageMutation } from '~/__generated__/TeamPageMutation.graphql';
import type { TeamPageQuery } from '~/__generated__/TeamPageQuery.graphql';
import { Button } from '~/design/Button';
import { Field, SelectField } from '~/design/Field';
import { toast } from '~/design/Toast';
import { PersonRow } from '~/people/PersonRow';
import { useAction } from '~/relay/useAction';
import { preload, usePage } from '~/relay/usePage';
import { moderationWords } from '~/report/words';
import styles from './Desk.module.css';
import { DeskTabs } from './DeskTabs';

const QUERY = graphql`
  query TeamPageQuery {
    viewer {
      role
      user {
        id
      }
      desk {
        waitingCaseCount
        waitingAppealCount
        team {
          role
          user {
            id
            handle
            ...PersonRow_user
          }
        }
      }
    }
  }
`;
const FIND = graphql`
  query TeamPageFindQuery($handle: String!) {
    user(handle: $handle) {
      id
    }
  }
`;
const ROLES = ['MEMBER', 'MODERATOR', 'ADMINISTRATOR'] as const;

export const loader = async () => {
  await moderationWords.learn();
  return preload<TeamPageQuery>(QUERY, {});
};

/** Who works at the desk; administrators change it. */
export function Component() {
  const words = moderationWords.useText();
  const environment = useRelayEnvironment();
  const { viewer } = usePage<TeamPageQuery>(QUERY, useLoaderData<PreloadedQuery<TeamPageQuery>>());
  const [handle, setHandle] = useState('');
  const [refused, setRefused] = useState<string>();
  const [give, busy] = useAction<TeamPageMutation>(graphql`
    mutation TeamPageMutation($input: SetRoleInput!) {
      setRole(input: $input) {
        query {
          viewer {
            desk {
              team {
                role
                user {
                  id
                  handle
                  ...PersonRow_user
                }
              }
            }
          }
        }
        userErrors {
          code
        }
      }
    }
  `);
  const desk = viewer?.desk;
  const mayGive = viewer?.role === 'ADMINISTRATOR';
  const change = (userId: string, role: string) => {
    give({
      input: { userId, role },
      onDone: () => {
        toast(words.given);
        setHandle('');
        fetchQuery<TeamPageQuery>(environment, QUERY, {}, { fetchPolicy: 'network-only' }).subscribe({});
      },
    });
  };
  const add = (event: FormEvent) => {
    event.preventDefault();
    setRefused(undefined);
    fetchQuery<TeamPageFindQuery>(environment, FIND, { handle }).subscribe({
      next: ({ user }) => (user ? change(user.id, 'MODERATOR') : setRefused(words.nobody)),
      error: () => setRefused(words.nobody),
    });
  };
  return (
    <DeskTabs desk={desk}>
      <ul aria-label={words.tabs.team}>
        {desk?.team.map(({ role, user }) => (
          <PersonRow key={user.id} user={user} note={words.roles[role]}>
            {mayGive && user.id !== viewer?.user.id && (
              <SelectField
                label={words.roleOf(user.handle)}
                value={role}
                disabled={busy}
                onChange={({ target: { value } }) => change(user.id, value)}
              >
                {ROLES.map((one) => (
                  <option key={one} value={one}>
                    {words.roles[one]}
                  </option>
                ))}
              </SelectField>
            )}
          </PersonRow>
        ))}
      </ul>
      {mayGive && (
        <section className={styles.part}>
          <h2>{words.addMember}</h2>
          <form className={styles.form} onSubmit={add} noValidate>
            <Field
              label={words.handle}
              error={refused}
              autoComplete="off"
              maxLength={40}
              value={handle}
              onChange={({ target: { value } }) => setHandle(value)}
            />
            <Button type="submit" busy={busy} disabled={!handle.trim()}>
              {words.give}
            </Button>
          </form>
        </section>
      )}
    </DeskTabs>
  );
}
