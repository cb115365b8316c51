import { graphql, type PreloadedQuery } from 'react-relay/hooks';
import { useLoaderData } from 'react-router';
import type { CreditsPageQuery } from '~/__generated__/CreditsPageQuery.graphql';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { preload, usePage } from '~/relay/usePage';
import { SignedOut } from '~/session/SignedOut';
import { Section } from '~/settings/Section';
import { Page } from '~/shell/Page';
import styles from './CreditsPage.module.css';
import { Ledger } from './Ledger';

const QUERY = graphql`
  query CreditsPageQuery {
    viewer {
      credits {
        tier
        balance
        held
        available
        monthlyGrant
        nextGrantAt
      }
      ...Ledger_viewer
    }
  }
`;

export const loader = () => preload<CreditsPageQuery>(QUERY, {});

/** What one has for making pictures, and every line of where it went. */
export function Component() {
  const text = useText();
  const format = useFormat();
  const { viewer } = usePage<CreditsPageQuery>(QUERY, useLoaderData<PreloadedQuery<CreditsPageQuery>>());
  const words = text.credits;
  if (!viewer) {
    return (
      <Page title={words.title} back>
        <SignedOut title={words.title} text={words.signedOut} />
      </Page>
    );
  }
  const { tier, balance, held, available, monthlyGrant, nextGrantAt } = viewer.credits;
  const facts = [
    [words.balance, format.number(balance)],
    [words.held, format.number(held)],
    [words.tier, words.tiers[tier] ?? tier],
    [words.grant, format.number(monthlyGrant)],
    [words.next, format.dayMonth(nextGrantAt)],
  ];
  return (
    <Page title={words.title} back>
      <section className={styles.purse} aria-label={words.text}>
        <p className={styles.available}>
          <strong>{format.number(available)}</strong>
          <span>{words.available}</span>
        </p>
        <dl className={styles.facts}>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <p className={styles.note}>{words.nextText}</p>
      </section>
      <Section title={words.ledger} text={words.ledgerText}>
        <Ledger viewer={viewer} />
      </Section>
    </Page>
  );
}
