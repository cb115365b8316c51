import { Link } from 'react-router';
import { buttonClass } from '~/design/Button';
import { places } from '~/routing/places';
import { Section } from '~/settings/Section';
import { webhookWords } from '~/webhooks/words';
import { appWords } from './words';

/** The ways from the settings to apps, tokens and webhooks. */
export function AppsSections() {
  const { ways } = appWords.useText();
  const webhooks = webhookWords.useText();
  return (
    <>
      <Section title={ways.apps} text={ways.appsText}>
        <Link to={places.apps} className={buttonClass({ look: 'quiet' })}>
          {ways.openApps}
        </Link>
      </Section>
      <Section title={ways.tokens} text={ways.tokensText}>
        <Link to={places.tokens} className={buttonClass({ look: 'quiet' })}>
          {ways.openTokens}
        </Link>
      </Section>
      <Section title={webhooks.title} text={webhooks.text}>
        <Link to={places.webhooks} className={buttonClass({ look: 'quiet' })}>
          {webhooks.open}
        </Link>
      </Section>
    </>
  );
}
