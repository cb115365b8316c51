import { ChevronRight } from 'lucide-react';
import { graphql, type PreloadedQuery } from 'react-relay/hooks';
import { Link, useLoaderData } from 'react-router';
import type { WebhooksPageQuery } from '~/__generated__/WebhooksPageQuery.graphql';
import { useFormat } from '~/i18n/format';
import { preload, usePage } from '~/relay/usePage';
import { places } from '~/routing/places';
import { SignedOut } from '~/session/SignedOut';
import { Section } from '~/settings/Section';
import { Page } from '~/shell/Page';
import { AddWebhook } from './AddWebhook';
import { chosenOf } from './events';
import { Light } from './Light';
import styles from './WebhooksPage.module.css';
import { webhookWords } from './words';

const QUERY = graphql`
  query WebhooksPageQuery {
    viewer {
      webhooks {
        id
        url
        events
        isEnabled
        failingSince
        createdAt
      }
    }
  }
`;

export const loader = async () => {
  const query = preload<WebhooksPageQuery>(QUERY, {});
  await webhookWords.learn();
  return query;
};

/** The addresses that are told what becomes of one's jobs, and one more. */
export function Component() {
  const format = useFormat();
  const words = webhookWords.useText();
  const { viewer } = usePage<WebhooksPageQuery>(QUERY, useLoaderData<PreloadedQuery<WebhooksPageQuery>>());
  if (!viewer) {
    return (
      <Page title={words.title} back>
        <SignedOut title={words.title} text={words.signedOut} />
      </Page>
    );
  }
  return (
    <Page title={words.title} back>
      <div className={styles.intro}>
        <p className={styles.text}>{words.text}</p>
        {viewer.webhooks.length > 0 ? (
          <ul className={styles.list}>
            {viewer.webhooks.map(({ id, url, events, isEnabled, failingSince, createdAt }) => (
              <li key={id}>
                <Link to={places.webhook(id)} className={styles.webhook}>
                  <span className={styles.words}>
                    <span className={styles.url}>{url}</span>
                    <span className={styles.facts}>
                      <Light on={isEnabled} failing={Boolean(failingSince)} />
                      <span>{words.told(chosenOf(events).length)}</span>
                      <span>{words.since(format.day(createdAt))}</span>
                    </span>
                  </span>
                  <ChevronRight aria-hidden="true" />
                </Link>
              </li>
            ))}
          </ul>
        ) : (
          <p className={styles.none}>
            <strong>{words.none}</strong>
            {words.noneText}
          </p>
        )}
      </div>
      <Section title={words.add}>
        <AddWebhook />
      </Section>
    </Page>
  );
}
