import { RefreshCw } from 'lucide-react';
import { useTransition } from 'react';
import { graphql, usePaginationFragment } from 'react-relay/hooks';
import type { DeliveryLog_webhook$key } from '~/__generated__/DeliveryLog_webhook.graphql';
import type { DeliveryLogMoreQuery } from '~/__generated__/DeliveryLogMoreQuery.graphql';
import type { DeliveryLogTestMutation } from '~/__generated__/DeliveryLogTestMutation.graphql';
import { Button } from '~/design/Button';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { Section } from '~/settings/Section';
import { Delivery } from './Delivery';
import styles from './DeliveryLog.module.css';
import { webhookWords } from './words';

const FIRST = 20;

/** What a webhook was told, newest first, with a test to be sent. */
export function DeliveryLog({ webhook }: { webhook: DeliveryLog_webhook$key }) {
  const text = useText();
  const words = webhookWords.useText();
  const { data, hasNext, isLoadingNext, loadNext, refetch } = usePaginationFragment<
    DeliveryLogMoreQuery,
    DeliveryLog_webhook$key
  >(
    graphql`
      fragment DeliveryLog_webhook on Webhook
      @refetchable(queryName: "DeliveryLogMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
        id
        isEnabled
        deliveries(first: $first, after: $after) @connection(key: "DeliveryLog_deliveries") {
          __id
          edges {
            node {
              id
              ...Delivery_delivery
            }
          }
        }
      }
    `,
    webhook,
  );
  const [test, testing] = useAction<DeliveryLogTestMutation>(graphql`
    mutation DeliveryLogTestMutation($input: TestWebhookInput!, $connections: [ID!]!) {
      testWebhook(input: $input) {
        delivery @prependNode(connections: $connections, edgeTypeName: "WebhookDeliveryEdge") {
          id
          ...Delivery_delivery
        }
        userErrors {
          code
          path
        }
      }
    }
  `);
  const [looking, startLooking] = useTransition();
  const look = () => startLooking(() => void refetch({ first: FIRST }, { fetchPolicy: 'network-only' })); // what is shown stays meanwhile
  const edges = data.deliveries?.edges ?? [];
  const connections = data.deliveries ? [data.deliveries.__id] : [];
  return (
    <Section title={words.log} text={words.logText}>
      <div className={styles.buttons}>
        <Button
          look="quiet"
          busy={testing}
          disabled={!data.isEnabled}
          title={data.isEnabled ? undefined : words.isOff}
          onClick={() =>
            test({ input: { webhookId: data.id }, variables: { connections }, onDone: () => toast(words.tested) })
          }
        >
          {words.test}
        </Button>
        <Button look="plain" busy={looking} onClick={look}>
          {!looking && <RefreshCw aria-hidden="true" />}
          {words.look}
        </Button>
      </div>
      {edges.length ? (
        <ul className={styles.log}>
          {edges.map(({ node }) => (
            <Delivery key={node.id} delivery={node} open={data.isEnabled} />
          ))}
        </ul>
      ) : (
        <p className={styles.none}>{words.noLog}</p>
      )}
      {hasNext && (
        <Button look="quiet" busy={isLoadingNext} onClick={() => loadNext(FIRST)}>
          {text.feed.loadMore}
        </Button>
      )}
    </Section>
  );
}
