import { useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { InvitationRow_invitation$key } from '~/__generated__/InvitationRow_invitation.graphql';
import type { InvitationRowRevokeMutation } from '~/__generated__/InvitationRowRevokeMutation.graphql';
import { Button } from '~/design/Button';
import { toast } from '~/design/Toast';
import { useFormat } from '~/i18n/format';
import { useAction } from '~/relay/useAction';
import { places } from '~/routing/places';
import { entryWords } from '~/session/entryWords';
import styles from './Invitations.module.css';

/** An invitation: its link while it is open, and who came by it. */
export function InvitationRow({ invitation: key }: { invitation: InvitationRow_invitation$key }) {
  const words = entryWords.useText().inviting;
  const format = useFormat();
  const [shown, setShown] = useState(false);
  const { id, note, url, uses, used, isOpen, expiresAt, revokedAt, invitees } = useFragment(
    graphql`
      fragment InvitationRow_invitation on Invitation {
        id
        note
        url
        uses
        used
        isOpen
        expiresAt
        revokedAt
        invitees {
          id
          handle
        }
      }
    `,
    key,
  );
  const [revoke, busy] = useAction<InvitationRowRevokeMutation>(graphql`
    mutation InvitationRowRevokeMutation($input: RevokeInvitationInput!) {
      revokeInvitation(input: $input) {
        invitation {
          ...InvitationRow_invitation
        }
        query {
          viewer {
            invitationPlacesLeft
          }
        }
        userErrors {
          code
        }
      }
    }
  `);
  const name = note || words.nameless;
  const ended = revokedAt ? words.back : used >= uses ? words.full : words.over;
  const copy = () =>
    void Promise.resolve()
      .then(() => navigator.clipboard.writeText(url))
      .then(
        () => toast(words.copied),
        () => setShown(true),
      );
  return (
    <li className={styles.invitation}>
      <div className={styles.words}>
        <p className={styles.name}>{name}</p>
        <p className={styles.facts}>
          {words.used(used, uses)} · {isOpen ? words.until(format.day(expiresAt)) : ended}
        </p>
        {invitees.length > 0 && (
          <p className={styles.facts}>
            {words.came}{' '}
            {invitees.map((one, index) => (
              <span key={one.id}>
                {index > 0 && ', '}
                <Link to={places.person(one.handle)}>@{one.handle}</Link>
              </span>
            ))}
          </p>
        )}
        {shown && (
          <p className={styles.link}>
            {words.notCopied} <code>{url}</code>
          </p>
        )}
      </div>
      {isOpen && (
        <div className={styles.buttons}>
          <Button look="quiet" small aria-label={words.copyOf(name)} onClick={copy}>
            {words.copy}
          </Button>
          <Button
            look="quiet"
            small
            busy={busy}
            aria-label={words.revokeOf(name)}
            onClick={() => revoke({ input: { invitationId: id }, onDone: () => toast(words.revoked) })}
          >
            {words.revoke}
          </Button>
        </div>
      )}
    </li>
  );
}
