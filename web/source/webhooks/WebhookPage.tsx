import { useState } from 'react';
import { graphql, type PreloadedQuery, useFragment } from 'react-relay/hooks';
import { type LoaderFunctionArgs, useLoaderData, useNavigate } from 'react-router';
import type { WebhookPage_webhook$key } from '~/__generated__/WebhookPage_webhook.graphql';
import type { WebhookPageDeleteMutation } from '~/__generated__/WebhookPageDeleteMutation.graphql';
import type { WebhookPageQuery } from '~/__generated__/WebhookPageQuery.graphql';
import type { WebhookPageRotateMutation } from '~/__generated__/WebhookPageRotateMutation.graphql';
import type { WebhookPageUpdateMutation } from '~/__generated__/WebhookPageUpdateMutation.graphql';
import { Button } from '~/design/Button';
import Confirm from '~/design/Confirm';
import { toast } from '~/design/Toast';
import { useFormat } from '~/i18n/format';
import { useAction } from '~/relay/useAction';
import { preload, usePage } from '~/relay/usePage';
import { places } from '~/routing/places';
import { Section } from '~/settings/Section';
import { NotFound } from '~/shell/NotFound';
import { Page } from '~/shell/Page';
import { DeliveryLog } from './DeliveryLog';
import { EventChoice } from './EventChoice';
import { chosenOf, OFF } from './events';
import { Light } from './Light';
import { SecretDialog } from './SecretDialog';
import styles from './WebhookPage.module.css';
import { webhookWords } from './words';

const QUERY = graphql`
  query WebhookPageQuery($id: ID!) {
    node(id: $id) {
      __typename
      ... on Webhook {
        id
        url
        ...WebhookPage_webhook
        ...DeliveryLog_webhook
      }
    }
  }
`;

export const loader = async ({ params }: LoaderFunctionArgs) => {
  const query = preload<WebhookPageQuery>(QUERY, { id: params.id ?? '' });
  await webhookWords.learn();
  return query;
};

/** One webhook: what it is told, whether it is on, its secret made anew, what was sent to it, and its end. */
export function Component() {
  const text = webhookWords.useText();
  const { node: webhook } = usePage<WebhookPageQuery>(QUERY, useLoaderData<PreloadedQuery<WebhookPageQuery>>());
  if (webhook?.__typename !== 'Webhook') return <NotFound text={text.gone} />;
  return (
    <Page key={webhook.id} title={text.title} back>
      <Settings webhook={webhook} />
      <DeliveryLog webhook={webhook} />
    </Page>
  );
}

function Settings({ webhook: key }: { webhook: WebhookPage_webhook$key }) {
  const words = webhookWords.useText();
  const format = useFormat();
  const navigate = useNavigate();
  const { id, url, events, isEnabled, disabledCode, failingSince, createdAt } = useFragment(
    graphql`
      fragment WebhookPage_webhook on Webhook {
        id
        url
        events
        isEnabled
        disabledCode
        failingSince
        createdAt
      }
    `,
    key,
  );
  const told = chosenOf(events);
  const [chosen, choose] = useState(told);
  const [secret, setSecret] = useState<string | null>(null);
  const [asking, ask] = useState<'rotate' | 'delete' | null>(null);
  const [update, updating] = useAction<WebhookPageUpdateMutation>(graphql`
    mutation WebhookPageUpdateMutation($input: UpdateWebhookInput!) {
      updateWebhook(input: $input) {
        webhook {
          ...WebhookPage_webhook
        }
        userErrors {
          code
          path
        }
      }
    }
  `);
  const [rotate, rotating] = useAction<WebhookPageRotateMutation>(graphql`
    mutation WebhookPageRotateMutation($input: RotateWebhookSecretInput!) {
      rotateWebhookSecret(input: $input) {
        secret
        userErrors {
          code
          path
        }
      }
    }
  `);
  const [remove, removing] = useAction<WebhookPageDeleteMutation>(graphql`
    mutation WebhookPageDeleteMutation($input: DeleteWebhookInput!) {
      deleteWebhook(input: $input) {
        deletedWebhookId
        userErrors {
          code
          path
        }
      }
    }
  `);
  const turn = () =>
    update({
      input: { webhookId: id, isEnabled: !isEnabled },
      onDone: () => toast(isEnabled ? words.turnedOff : words.turnedOn),
    });
  const same = chosen.join() === told.join();
  return (
    <>
      <Section title={words.address}>
        <div className={styles.head}>
          <p className={styles.url}>{url}</p>
          <p className={styles.facts}>
            <Light on={isEnabled} failing={Boolean(failingSince)} />
            <span>{words.since(format.day(createdAt))}</span>
          </p>
          {disabledCode && (
            <div className={styles.trouble}>
              <strong>{words.why}</strong>
              <p>{words[OFF[disabledCode] ?? 'offByOwner']}</p>
            </div>
          )}
          {isEnabled && failingSince && <p className={styles.trouble}>{words.failing(format.moment(failingSince))}</p>}
        </div>
        <div className={styles.buttons}>
          <Button look={isEnabled ? 'quiet' : 'primary'} busy={updating} onClick={turn}>
            {isEnabled ? words.turnOff : words.turnOn}
          </Button>
          <Button look="quiet" onClick={() => ask('rotate')}>
            {words.rotate}
          </Button>
          <Button look="danger" onClick={() => ask('delete')}>
            {words.delete}
          </Button>
        </div>
      </Section>
      <section className={styles.events} aria-label={words.events}>
        <EventChoice chosen={chosen} onChange={choose} disabled={updating} />
        <Button
          look="quiet"
          busy={updating}
          disabled={same || chosen.length === 0}
          onClick={() => update({ input: { webhookId: id, events: chosen }, onDone: () => toast(words.changed) })}
        >
          {words.change}
        </Button>
      </section>
      <Confirm
        open={asking === 'rotate'}
        onOpenChange={() => ask(null)}
        title={words.rotateTitle}
        text={words.rotateText}
        action={words.rotate}
        busy={rotating}
        onConfirm={() =>
          rotate({
            input: { webhookId: id },
            onDone: ({ rotateWebhookSecret: { secret: made } }) => {
              ask(null);
              setSecret(made ?? null);
            },
          })
        }
      />
      <Confirm
        open={asking === 'delete'}
        onOpenChange={() => ask(null)}
        title={words.deleteTitle}
        text={words.deleteText}
        action={words.delete}
        busy={removing}
        onConfirm={() =>
          remove({
            input: { webhookId: id },
            onDone: () => {
              ask(null);
              toast(words.deleted);
              void navigate(places.webhooks, { replace: true });
            },
          })
        }
      />
      <SecretDialog secret={secret} onClose={() => setSecret(null)} />
    </>
  );
}
