import { type FormEvent, useState } from 'react';
import { graphql } from 'react-relay/hooks';
import type { AddTokenMutation } from '~/__generated__/AddTokenMutation.graphql';
import { Button } from '~/design/Button';
import { Field, SelectField } from '~/design/Field';
import { useText } from '~/i18n/language';
import { codeText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import styles from './Apps.module.css';
import { withFirst } from './listed';
import { Once } from './Once';
import { ScopeChoice } from './ScopeChoice';
import type { Scope } from './scopes';
import { appWords } from './words';

const DAYS = [7, 30, 90, 366];

/** Makes a token and tells it, once. */
export function AddToken({ viewer }: { viewer: string }) {
  const all = useText();
  const words = appWords.useText();
  const text = words.tokens;
  const [name, setName] = useState('');
  const [days, setDays] = useState(30);
  const [scopes, setScopes] = useState<readonly Scope[]>(['READ']);
  const [refused, setRefused] = useState<string>();
  const [secret, setSecret] = useState<string | null>(null);
  const [act, busy] = useAction<AddTokenMutation>(graphql`
    mutation AddTokenMutation($input: CreateAccessTokenInput!) {
      createAccessToken(input: $input) {
        accessToken {
          id
          ...TokenRow_token
        }
        token
        userErrors {
          code
          path
        }
      }
    }
  `);
  const add = (event: FormEvent) => {
    event.preventDefault();
    setRefused(undefined);
    act({
      input: { name: name.trim(), scopes, expiresInDays: days },
      updater: (store, response) =>
        withFirst(store, viewer, 'accessTokens', response?.createAccessToken.accessToken?.id),
      onDone: ({ createAccessToken: { token } }) => {
        setName('');
        setSecret(token ?? null);
      },
      onRefused: ([first]) =>
        setRefused(
          first?.path?.[0] === 'name'
            ? text.nameWrong
            : first?.code === 'QUOTA_EXCEEDED'
              ? text.tooMany
              : codeText(all, first?.code ?? 'OTHER'),
        ),
    });
  };
  return (
    <form className={styles.add} onSubmit={add} noValidate>
      <Field
        label={text.name}
        hint={text.nameHint}
        error={refused}
        autoComplete="off"
        maxLength={60}
        value={name}
        onChange={({ target: { value } }) => setName(value)}
      />
      <SelectField label={text.days} value={days} onChange={({ target: { value } }) => setDays(Number(value))}>
        {DAYS.map((one) => (
          <option key={one} value={one}>
            {text.daysOf(one)}
          </option>
        ))}
      </SelectField>
      <ScopeChoice chosen={scopes} onChange={setScopes} />
      <Button type="submit" busy={busy} disabled={!name.trim() || scopes.length === 0}>
        {text.create}
      </Button>
      <Once title={text.shown} label={text.label} secret={secret} onClose={() => setSecret(null)} />
    </form>
  );
}
