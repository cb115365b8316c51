import { Blocks } from 'lucide-react';
import { useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { ConnectedRow_app$key } from '~/__generated__/ConnectedRow_app.graphql';
import type { ConnectedRowEndMutation } from '~/__generated__/ConnectedRowEndMutation.graphql';
import { Button } from '~/design/Button';
import Confirm from '~/design/Confirm';
import { toast } from '~/design/Toast';
import { useFormat } from '~/i18n/format';
import { useAction } from '~/relay/useAction';
import styles from './Apps.module.css';
import { without } from './listed';
import { ScopeList } from './ScopeList';
import { appWords } from './words';

/** An app that acts for the reader, and the end of that. */
export function ConnectedRow({ app: key, viewer }: { app: ConnectedRow_app$key; viewer: string }) {
  const text = appWords.useText().apps;
  const format = useFormat();
  const [asking, ask] = useState(false);
  const { id, name, scopes, isSelfRegistered, createdAt, lastUsedOn } = useFragment(
    graphql`
      fragment ConnectedRow_app on ConnectedApp {
        id
        name
        scopes
        isSelfRegistered
        createdAt
        lastUsedOn
      }
    `,
    key,
  );
  const [end, busy] = useAction<ConnectedRowEndMutation>(graphql`
    mutation ConnectedRowEndMutation($input: DisconnectAppInput!) {
      disconnectApp(input: $input) {
        disconnectedAppId
        userErrors {
          code
          path
        }
      }
    }
  `);
  return (
    <li className={styles.row}>
      <Blocks aria-hidden="true" />
      <div className={styles.words}>
        <p className={styles.name}>{name}</p>
        <p className={styles.facts}>
          <span>{text.since(format.day(createdAt))}</span>
          <span>{lastUsedOn ? text.used(format.day(lastUsedOn)) : text.unused}</span>
          {isSelfRegistered && <span>{text.itself}</span>}
        </p>
        <ScopeList scopes={scopes} />
      </div>
      <Button look="quiet" small aria-label={text.endOf(name)} onClick={() => ask(true)}>
        {text.end}
      </Button>
      <Confirm
        open={asking}
        onOpenChange={ask}
        title={text.endTitle(name)}
        text={text.endText}
        action={text.end}
        busy={busy}
        onConfirm={() =>
          end({
            input: { connectedAppId: id },
            updater: (store) => without(store, viewer, 'connectedApps', id),
            onDone: () => toast(text.ended),
          })
        }
      />
    </li>
  );
}
