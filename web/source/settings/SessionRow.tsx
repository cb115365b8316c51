import { Monitor, Smartphone, Terminal } from 'lucide-react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { SessionRow_session$key } from '~/__generated__/SessionRow_session.graphql';
import type { SessionRowEndMutation } from '~/__generated__/SessionRowEndMutation.graphql';
import { Button } from '~/design/Button';
import { toast } from '~/design/Toast';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import styles from './Sessions.module.css';

const NAMED = /^(.+) on (.+)$/; // how the server puts it: Firefox on Linux
const HELD = /iPhone|iPad|Android|phone/i;

/** A device or program that is signed in, and its end. */
export function SessionRow({
  session: key,
  connections,
}: {
  session: SessionRow_session$key;
  connections: readonly string[];
}) {
  const text = useText().settings;
  const format = useFormat();
  const session = useFragment(
    graphql`
      fragment SessionRow_session on Session {
        id
        device
        network
        bearer
        createdAt
        lastUsedAt
        isCurrent
      }
    `,
    key,
  );
  const [end, busy] = useAction<SessionRowEndMutation>(graphql`
    mutation SessionRowEndMutation($input: RevokeSessionInput!, $connections: [ID!]!) {
      revokeSession(input: $input) {
        revokedSessionIds @deleteEdge(connections: $connections)
        userErrors {
          code
          path
        }
      }
    }
  `);
  const { id, network, bearer, createdAt, lastUsedAt, isCurrent } = session;
  const [, what = '', where = ''] = NAMED.exec(session.device) ?? [];
  const device = (where ? text.device(what, where) : session.device) || (bearer ? text.program : text.unknownDevice);
  const Icon = bearer ? Terminal : HELD.test(device) ? Smartphone : Monitor;
  return (
    <li className={styles.session}>
      <Icon aria-hidden="true" />
      <div className={styles.words}>
        <p className={styles.device}>
          {device} {isCurrent && <span className={styles.current}>{text.current}</span>}
          {bearer && session.device && <span className={styles.program}>{text.program}</span>}
        </p>
        <p className={styles.when}>
          {isCurrent ? text.usedNow : text.used(format.since(lastUsedAt))} · {text.since(format.day(createdAt))}
          {network && ` · ${text.network(network)}`}
        </p>
      </div>
      {!isCurrent && (
        <Button
          look="quiet"
          small
          busy={busy}
          aria-label={text.endOf(device)}
          onClick={() => end({ input: { sessionId: id }, variables: { connections }, onDone: () => toast(text.ended) })}
        >
          {text.end}
        </Button>
      )}
    </li>
  );
}
