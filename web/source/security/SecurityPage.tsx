import { useState } from 'react';
import { fetchQuery, graphql, type PreloadedQuery, useRelayEnvironment } from 'react-relay/hooks';
import { useLoaderData } from 'react-router';
import type { SecurityPageQuery } from '~/__generated__/SecurityPageQuery.graphql';
import { useText } from '~/i18n/language';
import { preload, usePage } from '~/relay/usePage';
import { SignedOut } from '~/session/SignedOut';
import { ChangePassword } from '~/settings/ChangePassword';
import { Sessions } from '~/settings/Sessions';
import { Page } from '~/shell/Page';
import { CodesDialog } from './CodesDialog';
import { Passkeys } from './Passkeys';
import { RecoveryCodes } from './RecoveryCodes';
import { Totp } from './Totp';
import { securityWords } from './words';

const QUERY = graphql`
  query SecurityPageQuery {
    viewer {
      security {
        asksSecondFactor
        totpEnabledAt
        recoveryCodesLeft
        ...Passkeys_security
      }
      ...Sessions_viewer
    }
  }
`;

export const loader = async () => {
  const reference = preload<SecurityPageQuery>(QUERY, {});
  await securityWords.learn();
  return reference;
};

/** How one proves who one is, and where one is signed in. */
export function Component() {
  const text = useText();
  const words = securityWords.useText();
  const environment = useRelayEnvironment();
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const { viewer } = usePage<SecurityPageQuery>(QUERY, useLoaderData<PreloadedQuery<SecurityPageQuery>>());
  if (!viewer) {
    return (
      <Page title={text.signing.safety} back>
        <SignedOut title={text.signing.safety} text={words.signedOut} />
      </Page>
    );
  }
  const changed = (made?: readonly string[] | null) => {
    if (made) setCodes(made);
    fetchQuery(environment, QUERY, {}, { fetchPolicy: 'network-only' }).subscribe({ error: () => undefined });
  };
  const { asksSecondFactor, totpEnabledAt, recoveryCodesLeft } = viewer.security;
  return (
    <Page title={text.signing.safety} back>
      <ChangePassword />
      <Passkeys security={viewer.security} onChange={changed} />
      <Totp since={totpEnabledAt} onChange={changed} />
      <RecoveryCodes left={recoveryCodesLeft} asked={asksSecondFactor} onCodes={changed} />
      <Sessions viewer={viewer} />
      <CodesDialog codes={codes} onClose={() => setCodes(null)} />
    </Page>
  );
}
