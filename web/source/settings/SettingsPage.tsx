import { graphql, type PreloadedQuery } from 'react-relay/hooks';
import { Link, useLoaderData } from 'react-router';
import type { SettingsPageQuery } from '~/__generated__/SettingsPageQuery.graphql';
import { AppsSections } from '~/apps/AppsSections';
import { appWords } from '~/apps/words';
import { Button, buttonClass } from '~/design/Button';
import { useText } from '~/i18n/language';
import { PickedSettings } from '~/picked/PickedSettings';
import { preload, usePage } from '~/relay/usePage';
import { places } from '~/routing/places';
import { SignedOut } from '~/session/SignedOut';
import { openHelp } from '~/shell/help';
import { Page } from '~/shell/Page';
import { webhookWords } from '~/webhooks/words';
import { Account } from './Account';
import { Gallery } from './Gallery';
import { Looks } from './Looks';
import { OldPosts } from './OldPosts';
import { Section } from './Section';
import { Seeing } from './Seeing';
import { Sensitive } from './Sensitive';

const QUERY = graphql`
  query SettingsPageQuery {
    viewer {
      user {
        id
      }
      ...Account_viewer
      ...OldPosts_viewer
      ...Sensitive_viewer
      ...PickedSettings_viewer
    }
  }
`;

export const loader = async () => {
  const query = preload<SettingsPageQuery>(QUERY, {});
  await Promise.all([appWords.learn(), webhookWords.learn()]);
  return query;
};

/** What one decides about this browser and one's account. */
export function Component() {
  const text = useText();
  const { viewer } = usePage<SettingsPageQuery>(QUERY, useLoaderData<PreloadedQuery<SettingsPageQuery>>());
  return (
    <Page title={text.places.settings}>
      <Looks />
      <Seeing />
      <Section title={text.settings.keyboard} text={text.settings.keyboardText}>
        <Button look="quiet" onClick={openHelp}>
          {text.settings.shortcuts}
        </Button>
      </Section>
      {viewer ? (
        <>
          <Sensitive viewer={viewer} />
          <PickedSettings viewer={viewer} />
          <Section title={text.signing.safety} text={text.signing.safetyText}>
            <Link to={places.security} className={buttonClass({ look: 'quiet' })}>
              {text.signing.openSafety}
            </Link>
          </Section>
          <Section title={text.settings.address} text={text.settings.addressText}>
            <Link to={places.account} className={buttonClass({ look: 'quiet' })}>
              {text.settings.addressOpen}
            </Link>
          </Section>
          <Section title={text.places.notifications} text={text.bell.settingsText}>
            <Link to={places.notificationSettings} className={buttonClass({ look: 'quiet' })}>
              {text.bell.open}
            </Link>
          </Section>
          <Section title={text.muting.title} text={text.muting.text}>
            <Link to={places.privacy} className={buttonClass({ look: 'quiet' })}>
              {text.muting.open}
            </Link>
          </Section>
          <Section title={text.labels.open} text={text.labels.openText}>
            <Link to={places.labelers} className={buttonClass({ look: 'quiet' })}>
              {text.labels.choose}
            </Link>
          </Section>
          <Section title={text.reporting.moderation} text={text.reporting.settingsText}>
            <Link to={places.moderation} className={buttonClass({ look: 'quiet' })}>
              {text.reporting.open}
            </Link>
          </Section>
          <Section title={text.credits.title} text={text.credits.text}>
            <Link to={places.credits} className={buttonClass({ look: 'quiet' })}>
              {text.credits.open}
            </Link>
          </Section>
          <Section title={text.remix.sharing} text={text.remix.sharingText}>
            <Link to={places.sharing} className={buttonClass({ look: 'quiet' })}>
              {text.remix.settle}
            </Link>
          </Section>
          <AppsSections />
          <Gallery />
          <OldPosts viewer={viewer} />
          <Account viewer={viewer} />
        </>
      ) : (
        <SignedOut title={text.settings.sessions} text={text.settings.signedOut} />
      )}
    </Page>
  );
}
