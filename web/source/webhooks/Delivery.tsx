import { useEffect } from 'react';
import { fetchQuery, graphql, useFragment, useRelayEnvironment } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { Delivery_delivery$key } from '~/__generated__/Delivery_delivery.graphql';
import type { DeliveryAgainMutation } from '~/__generated__/DeliveryAgainMutation.graphql';
import type { DeliveryQuery } from '~/__generated__/DeliveryQuery.graphql';
import { Button } from '~/design/Button';
import { toast } from '~/design/Toast';
import { useFormat } from '~/i18n/format';
import { useAction } from '~/relay/useAction';
import { places } from '~/routing/places';
import styles from './DeliveryLog.module.css';
import { legible } from './events';
import { webhookWords } from './words';

const LOOK_AGAIN_MILLISECONDS = 3_000; // there is no stream of deliveries

/** A message in a webhook's log, what came back, and sending it again. `open` says whether the webhook is on. */
export function Delivery({ delivery: key, open }: { delivery: Delivery_delivery$key; open: boolean }) {
  const text = webhookWords.useText();
  const format = useFormat();
  const environment = useRelayEnvironment();
  const { id, event, state, body, tries, nextTryAt, createdAt, job, attempts } = useFragment(
    graphql`
      fragment Delivery_delivery on WebhookDelivery {
        id
        event
        state
        body
        tries
        nextTryAt
        createdAt
        job {
          thread {
            id
          }
        }
        attempts(first: 10) {
          edges {
            node {
              id
              at
              status
              milliseconds
              answer
              failure
            }
          }
        }
      }
    `,
    key,
  );
  const [again, busy] = useAction<DeliveryAgainMutation>(graphql`
    mutation DeliveryAgainMutation($input: RedeliverWebhookInput!) {
      redeliverWebhook(input: $input) {
        delivery {
          ...Delivery_delivery
        }
        userErrors {
          code
          path
        }
      }
    }
  `);
  useEffect(() => {
    if (state !== 'PENDING') return;
    const timer = setInterval(
      () =>
        fetchQuery<DeliveryQuery>(
          environment,
          graphql`
            query DeliveryQuery($id: ID!) {
              node(id: $id) {
                __typename
                ...Delivery_delivery
              }
            }
          `,
          { id },
          { fetchPolicy: 'network-only' },
        ).subscribe({ error: () => undefined }), // it is asked again
      LOOK_AGAIN_MILLISECONDS,
    );
    return () => clearInterval(timer);
  }, [environment, id, state]);
  const what = text.event[event] ?? event;
  const answers = attempts?.edges ?? [];
  return (
    <li className={styles.delivery} data-state={state}>
      <div className={styles.head}>
        <div className={styles.words}>
          <p className={styles.what}>{what}</p>
          <p className={styles.facts}>
            <span className={styles.state} data-state={state}>
              {text.states[state] ?? state}
            </span>
            <time dateTime={createdAt}>{format.moment(createdAt)}</time>
            {tries > 1 && <span>{text.tries(tries)}</span>}
            {nextTryAt && tries > 0 && <span>{text.nextTry(format.moment(nextTryAt))}</span>}
            {job?.thread && <Link to={places.thread(job.thread.id)}>{text.job}</Link>}
          </p>
        </div>
        <Button
          look="quiet"
          small
          busy={busy}
          disabled={!open}
          aria-label={text.againOf(what, format.moment(createdAt))}
          onClick={() => again({ input: { deliveryId: id }, onDone: () => toast(text.resent) })}
        >
          {text.again}
        </Button>
      </div>
      <details className={styles.more}>
        <summary>{text.details}</summary>
        <h3>{text.attempts}</h3>
        {answers.length === 0 && <p className={styles.none}>{text.noAttempt}</p>}
        <ul className={styles.answers}>
          {answers.map(({ node }) => (
            <li key={node.id}>
              <p>
                <strong>{node.status ?? text.noAnswer}</strong> {text.attempt(format.number(node.milliseconds))},{' '}
                <time dateTime={node.at}>{format.moment(node.at)}</time>
              </p>
              {(node.failure || node.answer) && (
                // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
                <pre className={styles.code} tabIndex={0} dir="ltr" lang="en">
                  {node.failure ?? node.answer}
                </pre>
              )}
            </li>
          ))}
        </ul>
        <h3>{text.body}</h3>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
        <pre className={styles.code} tabIndex={0} dir="ltr">
          {legible(body)}
        </pre>
      </details>
    </li>
  );
}
