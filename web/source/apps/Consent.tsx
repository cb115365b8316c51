import { ShieldQuestion } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { Consent_request$key } from '~/__generated__/Consent_request.graphql';
import type { ConsentMutation } from '~/__generated__/ConsentMutation.graphql';
import { Button } from '~/design/Button';
import { useText } from '~/i18n/language';
import { codeText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { places } from '~/routing/places';
import styles from './Authorize.module.css';
import { Allowed } from './ScopeList';
import { appWords } from './words';

type Props = { request: Consent_request$key; parameters: string; handle: string };

/** Who asks, what for, and where one goes afterwards; what was remembered goes on by itself. */
export function Consent({ request: key, parameters, handle }: Props) {
  const all = useText();
  const text = appWords.useText().authorize;
  const { appName, website, developer, destination, isOnDevice, scopes, isRemembered, ticket } = useFragment(
    graphql`
      fragment Consent_request on AuthorizationRequest {
        appName
        website
        developer {
          handle
        }
        destination
        isOnDevice
        scopes
        isRemembered
        ticket
      }
    `,
    key,
  );
  const [remember, setRemember] = useState(isRemembered);
  const [refused, setRefused] = useState<string>();
  const [gone, setGone] = useState(false);
  const [answer, busy] = useAction<ConsentMutation>(graphql`
    mutation ConsentMutation($input: AuthorizeAppInput!) {
      authorizeApp(input: $input) {
        redirectUri
        userErrors {
          code
          path
        }
      }
    }
  `);
  const say = (allow: boolean) =>
    answer({
      input: { parameters, ticket, allow, remember: allow && remember },
      onDone: ({ authorizeApp: { redirectUri } }) => {
        setGone(true);
        if (redirectUri) location.assign(redirectUri);
      },
      onRefused: ([first]) =>
        setRefused(first?.path?.[0] === 'ticket' ? text.late : codeText(all, first?.code ?? 'OTHER')),
    });
  const going = useRef(false);
  useEffect(() => {
    if (!isRemembered || going.current) return;
    going.current = true;
    say(true);
  });
  const name = appName ?? '';
  return (
    <div className={styles.consent}>
      <ShieldQuestion aria-hidden="true" className={styles.mark} />
      <h2>{text.heading(name)}</h2>
      <p className={styles.who}>
        {developer ? (
          <>
            {text.madeBy} <Link to={places.person(developer.handle)}>@{developer.handle}</Link>
          </>
        ) : (
          <strong>{text.unknown}</strong>
        )}
        {website && (
          <a href={website} target="_blank" rel="noopener noreferrer nofollow ugc">
            {website.replace(/^https?:\/\//, '')}
          </a>
        )}
      </p>
      <section className={styles.scopes} aria-labelledby="may">
        <h3 id="may">{text.may(handle)}</h3>
        <Allowed scopes={scopes} />
        <p className={styles.never}>{text.never}</p>
      </section>
      <p className={styles.where}>{isOnDevice ? text.onDevice : text.goesTo(destination ?? '')}</p>
      {!isOnDevice && (
        <label className={styles.remember}>
          <input type="checkbox" checked={remember} onChange={({ target: { checked } }) => setRemember(checked)} />
          {text.remember}
        </label>
      )}
      {refused && (
        <p className={styles.refused} role="alert">
          {refused}
        </p>
      )}
      <div className={styles.buttons}>
        <Button look="quiet" disabled={busy || gone} onClick={() => say(false)}>
          {text.deny}
        </Button>
        <Button busy={busy || gone} onClick={() => say(true)}>
          {text.allow}
        </Button>
      </div>
      <p className={styles.later}>
        {text.later} <Link to={places.apps}>{text.apps}</Link>
      </p>
    </div>
  );
}
