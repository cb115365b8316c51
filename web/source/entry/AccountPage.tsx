import { graphql, type PreloadedQuery } from 'react-relay/hooks';
import { Link, useLoaderData } from 'react-router';
import type { AccountPageQuery } from '~/__generated__/AccountPageQuery.graphql';
import { buttonClass } from '~/design/Button';
import { preload, usePage } from '~/relay/usePage';
import { places } from '~/routing/places';
import { entryWords } from '~/session/entryWords';
import { SignedOut } from '~/session/SignedOut';
import { Section } from '~/settings/Section';
import { Page } from '~/shell/Page';
import { Address } from './Address';

const QUERY = graphql`
  query AccountPageQuery {
    site {
      sendsMail
    }
    viewer {
      ...Address_viewer
    }
  }
`;

export const loader = async () => {
  const found = preload<AccountPageQuery>(QUERY, {});
  await entryWords.learn();
  return found;
};

/** Where letters reach one, and the way to one's invitations. */
export function Component() {
  const { address, inviting } = entryWords.useText();
  const { site, viewer } = usePage<AccountPageQuery>(QUERY, useLoaderData<PreloadedQuery<AccountPageQuery>>());
  return (
    <Page title={address.title} back>
      {viewer ? (
        <>
          <Address viewer={viewer} sendsMail={site.sendsMail} />
          <Section title={inviting.title} text={inviting.text}>
            <Link to={places.invitations} className={buttonClass({ look: 'quiet' })}>
              {inviting.title}
            </Link>
          </Section>
        </>
      ) : (
        <SignedOut title={address.title} text={address.signedOut} />
      )}
    </Page>
  );
}
