import { type FormEvent, useState } from 'react';
import { graphql } from 'react-relay/hooks';
import { useNavigate } from 'react-router';
import type { AddWebhookMutation } from '~/__generated__/AddWebhookMutation.graphql';
import { Button } from '~/design/Button';
import { Field } from '~/design/Field';
import { useText } from '~/i18n/language';
import { codeText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { places } from '~/routing/places';
import { EventChoice } from './EventChoice';
import { EVENTS, type Told } from './events';
import { SecretDialog } from './SecretDialog';
import styles from './WebhooksPage.module.css';
import { webhookWords } from './words';

/** Adds a webhook and tells its secret, then leads to it. */
export function AddWebhook() {
  const text = useText();
  const words = webhookWords.useText();
  const navigate = useNavigate();
  const [url, setUrl] = useState('');
  const [events, setEvents] = useState<readonly Told[]>(EVENTS);
  const [refused, setRefused] = useState<string>();
  const [made, setMade] = useState<{ id: string; secret: string } | null>(null);
  const [act, busy] = useAction<AddWebhookMutation>(graphql`
    mutation AddWebhookMutation($input: CreateWebhookInput!) {
      createWebhook(input: $input) {
        webhook {
          id
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
    setRefused(undefined);
    act({
      input: { url: url.trim(), events },
      onDone: ({ createWebhook: { webhook, secret } }) => webhook && setMade({ id: webhook.id, secret: secret ?? '' }),
      onRefused: ([first]) =>
        setRefused(
          first?.path?.[0] === 'url'
            ? words.urlWrong
            : first?.code === 'QUOTA_EXCEEDED'
              ? words.tooMany
              : codeText(text, first?.code ?? 'OTHER'),
        ),
    });
  };
  return (
    <form className={styles.add} onSubmit={add} noValidate>
      <Field
        label={words.url}
        hint={words.urlHint}
        error={refused}
        type="url"
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        placeholder="https://hooks.example.org/fresque"
        maxLength={2_000}
        value={url}
        onChange={({ target: { value } }) => setUrl(value)}
      />
      <EventChoice chosen={events} onChange={setEvents} />
      <Button type="submit" busy={busy} disabled={!url.trim() || events.length === 0}>
        {words.create}
      </Button>
      <SecretDialog secret={made?.secret ?? null} onClose={() => made && void navigate(places.webhook(made.id))} />
    </form>
  );
}
