import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { TokenRow_token$key } from '~/__generated__/TokenRow_token.graphql';
import type { TokenRowRevokeMutation } from '~/__generated__/TokenRowRevokeMutation.graphql';
import { Button } from '~/design/Button';
import Confirm from '~/design/Confirm';
import { toast } from '~/design/Toast';
import { useFormat } from '~/i18n/format';
import { useAction } from '~/relay/useAction';
import styles from './Apps.module.css';
import { without } from './listed';
import { ScopeList } from './ScopeList';
import { appWords } from './words';

/** A token as the list shows it, and its end. */
export function TokenRow({ token: key, viewer }: { token: TokenRow_token$key; viewer: string }) {
  const words = appWords.useText();
  const text = words.tokens;
  const format = useFormat();
  const [asking, ask] = useState(false);
  const { id, name, hint, scopes, expiresAt, lastUsedOn } = useFragment(
    graphql`
      fragment TokenRow_token on AccessToken {
        id
        name
        hint
        scopes
        expiresAt
        lastUsedOn
      }
    `,
    key,
  );
  const [revoke, busy] = useAction<TokenRowRevokeMutation>(graphql`
    mutation TokenRowRevokeMutation($input: RevokeAccessTokenInput!) {
      revokeAccessToken(input: $input) {
        revokedAccessTokenId
        userErrors {
          code
          path
        }
      }
    }
  `);
  const over = Date.parse(expiresAt) < Date.now();
  return (
    <li className={styles.row}>
      <KeyRound aria-hidden="true" />
      <div className={styles.words}>
        <p className={styles.name}>{name}</p>
        <p className={styles.facts}>
          <span className={styles.hint}>…{hint}</span>
          <span>{over ? text.over : text.until(format.day(expiresAt))}</span>
          <span>{lastUsedOn ? text.used(format.day(lastUsedOn)) : text.unused}</span>
        </p>
        <ScopeList scopes={scopes} />
      </div>
      <Button look="quiet" small aria-label={text.revokeOf(name)} onClick={() => ask(true)}>
        {text.revoke}
      </Button>
      <Confirm
        open={asking}
        onOpenChange={ask}
        title={text.revokeTitle}
        text={text.revokeText}
        action={text.revoke}
        busy={busy}
        onConfirm={() =>
          revoke({
            input: { accessTokenId: id },
            updater: (store) => without(store, viewer, 'accessTokens', id),
            onDone: () => toast(text.revoked),
          })
        }
      />
    </li>
  );
}
