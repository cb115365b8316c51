import { type FormEvent, useState } from 'react';
import { graphql } from 'react-relay/hooks';
import type { AddAppMutation } from '~/__generated__/AddAppMutation.graphql';
import { Button } from '~/design/Button';
import { Field, TextField } from '~/design/Field';
import { useText } from '~/i18n/language';
import { codeText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import styles from './Apps.module.css';
import { withFirst } from './listed';
import { Once } from './Once';
import choice from './ScopeChoice.module.css';
import { appWords } from './words';

type Wrong = Partial<Record<'name' | 'website' | 'redirectUris' | 'all', string>>;

/** Makes an app, and tells its secret where it has one. */
export function AddApp({ viewer }: { viewer: string }) {
  const all = useText();
  const text = appWords.useText().apps;
  const [name, setName] = useState('');
  const [website, setWebsite] = useState('');
  const [uris, setUris] = useState('');
  const [isConfidential, setConfidential] = useState(false);
  const [wrong, setWrong] = useState<Wrong>({});
  const [secret, setSecret] = useState<string | null>(null);
  const [act, busy] = useAction<AddAppMutation>(graphql`
    mutation AddAppMutation($input: CreateAppInput!) {
      createApp(input: $input) {
        app {
          id
          ...OwnAppRow_app
        }
        secret
        userErrors {
          code
          path
        }
      }
    }
  `);
  const add = (event: FormEvent) => {
    event.preventDefault();
    setWrong({});
    act({
      input: {
        name: name.trim(),
        website: website.trim(),
        redirectUris: uris.split(/\s+/).filter(Boolean),
        isConfidential,
      },
      updater: (store, response) => withFirst(store, viewer, 'apps', response?.createApp.app?.id),
      onDone: ({ createApp: { secret: made } }) => {
        setName('');
        setWebsite('');
        setUris('');
        setSecret(made ?? null);
      },
      onRefused: ([first]) => {
        const place = first?.path?.[0];
        if (place === 'name' || place === 'website' || place === 'redirectUris')
          return setWrong({ [place]: text.wrong[place] });
        setWrong({ all: first?.code === 'QUOTA_EXCEEDED' ? text.tooMany : codeText(all, first?.code ?? 'OTHER') });
      },
    });
  };
  return (
    <form className={styles.add} onSubmit={add} noValidate>
      <Field
        label={text.name}
        hint={text.nameHint}
        error={wrong.name}
        autoComplete="off"
        maxLength={60}
        value={name}
        onChange={({ target: { value } }) => setName(value)}
      />
      <Field
        label={text.website}
        error={wrong.website}
        type="url"
        inputMode="url"
        autoComplete="off"
        maxLength={200}
        value={website}
        onChange={({ target: { value } }) => setWebsite(value)}
      />
      <TextField
        label={text.uris}
        hint={text.urisHint}
        error={wrong.redirectUris}
        rows={3}
        spellCheck={false}
        autoCapitalize="none"
        value={uris}
        onChange={({ target: { value } }) => setUris(value)}
      />
      <label className={choice.scope}>
        <input
          type="checkbox"
          checked={isConfidential}
          onChange={({ target: { checked } }) => setConfidential(checked)}
        />
        {text.confidentialHint}
      </label>
      {wrong.all && (
        <p className={choice.missing} role="alert">
          {wrong.all}
        </p>
      )}
      <Button type="submit" busy={busy} disabled={!name.trim() || !uris.trim()}>
        {text.create}
      </Button>
      <Once title={text.secretShown} label={text.secret} secret={secret} onClose={() => setSecret(null)} />
    </form>
  );
}
