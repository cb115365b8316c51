import { Wrench } from 'lucide-react';
import { useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { OwnAppRow_app$key } from '~/__generated__/OwnAppRow_app.graphql';
import type { OwnAppRowDeleteMutation } from '~/__generated__/OwnAppRowDeleteMutation.graphql';
import type { OwnAppRowRotateMutation } from '~/__generated__/OwnAppRowRotateMutation.graphql';
import { Button } from '~/design/Button';
import Confirm from '~/design/Confirm';
import { toast } from '~/design/Toast';
import { useAction } from '~/relay/useAction';
import styles from './Apps.module.css';
import { without } from './listed';
import { Once } from './Once';
import { appWords } from './words';

/** An app of the reader's own making: what it is called by, a new secret, and its end. */
export function OwnAppRow({ app: key, viewer }: { app: OwnAppRow_app$key; viewer: string }) {
  const text = appWords.useText().apps;
  const [asking, ask] = useState<'rotate' | 'delete' | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const { id, name, clientId, redirectUris, isConfidential } = useFragment(
    graphql`
      fragment OwnAppRow_app on App {
        id
        name
        clientId
        redirectUris
        isConfidential
      }
    `,
    key,
  );
  const [rotate, rotating] = useAction<OwnAppRowRotateMutation>(graphql`
    mutation OwnAppRowRotateMutation($input: RotateAppSecretInput!) {
      rotateAppSecret(input: $input) {
        secret
        userErrors {
          code
          path
        }
      }
    }
  `);
  const [remove, removing] = useAction<OwnAppRowDeleteMutation>(graphql`
    mutation OwnAppRowDeleteMutation($input: DeleteAppInput!) {
      deleteApp(input: $input) {
        deletedAppId
        userErrors {
          code
          path
        }
      }
    }
  `);
  return (
    <li className={styles.row}>
      <Wrench aria-hidden="true" />
      <div className={styles.words}>
        <p className={styles.name}>{name}</p>
        <p className={styles.facts}>
          <span>
            client_id: <code className={styles.hint}>{clientId}</code>
          </span>
          <span>{isConfidential ? text.confidential : text.public}</span>
        </p>
        <ul className={styles.facts}>
          {redirectUris.map((uri) => (
            <li key={uri}>{uri}</li>
          ))}
        </ul>
        <div className={styles.tools}>
          {isConfidential && (
            <Button look="quiet" small onClick={() => ask('rotate')}>
              {text.rotate}
            </Button>
          )}
          <Button look="quiet" small aria-label={text.deleteOf(name)} onClick={() => ask('delete')}>
            {text.delete}
          </Button>
        </div>
      </div>
      <Confirm
        open={asking !== null}
        onOpenChange={() => ask(null)}
        title={asking === 'rotate' ? text.rotateTitle : text.deleteTitle}
        text={asking === 'rotate' ? text.rotateText : text.deleteText}
        action={asking === 'rotate' ? text.rotate : text.delete}
        busy={rotating || removing}
        onConfirm={() =>
          asking === 'rotate'
            ? rotate({
                input: { appId: id },
                onDone: ({ rotateAppSecret: { secret: made } }) => {
                  ask(null);
                  setSecret(made ?? null);
                },
              })
            : remove({
                input: { appId: id },
                updater: (store) => without(store, viewer, 'apps', id),
                onDone: () => toast(text.deleted),
              })
        }
      />
      <Once title={text.secretShown} label={text.secret} secret={secret} onClose={() => setSecret(null)} />
    </li>
  );
}
