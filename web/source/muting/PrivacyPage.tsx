import { ChevronRight, Globe, Lock } from 'lucide-react';
import { graphql, type PreloadedQuery } from 'react-relay/hooks';
import { Link, useLoaderData } from 'react-router';
import type { PrivacyPageMutation } from '~/__generated__/PrivacyPageMutation.graphql';
import type { PrivacyPageQuery } from '~/__generated__/PrivacyPageQuery.graphql';
import { Segments } from '~/design/Segments';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { preload, usePage } from '~/relay/usePage';
import { places } from '~/routing/places';
import { SignedOut } from '~/session/SignedOut';
import { Section } from '~/settings/Section';
import { Page } from '~/shell/Page';
import { Deactivate } from './Deactivate';
import styles from './Muting.module.css';

const QUERY = graphql`
  query PrivacyPageQuery {
    viewer {
      followRequestCount
      user {
        id
        isPrivate
      }
    }
  }
`;

export const loader = () => preload<PrivacyPageQuery>(QUERY, {});

/** Who reads one, and what one would rather not read. */
export function Component() {
  const text = useText();
  const words = text.muting;
  const { viewer } = usePage<PrivacyPageQuery>(QUERY, useLoaderData<PreloadedQuery<PrivacyPageQuery>>());
  const [set] = useAction<PrivacyPageMutation>(graphql`
    mutation PrivacyPageMutation($input: SetAccountPrivacyInput!) {
      setAccountPrivacy(input: $input) {
        user {
          id
          isPrivate
          followerCount
        }
        userErrors {
          code
        }
      }
    }
  `);
  if (!viewer) {
    return (
      <Page title={words.title} back>
        <SignedOut title={words.title} text={words.text} />
      </Page>
    );
  }
  const { id, isPrivate } = viewer.user;
  const choose = (wanted: boolean) =>
    wanted !== isPrivate &&
    set({
      input: { isPrivate: wanted },
      optimisticUpdater: (store) => store.get(id)?.setValue(wanted, 'isPrivate'),
      onDone: () => toast(wanted ? words.nowPrivate : words.nowPublic),
    });
  const requests = viewer.followRequestCount;
  return (
    <Page title={words.title} back>
      <Section title={words.audience} text={words.privateText}>
        <Segments
          label={words.privateLabel}
          value={isPrivate ? 'private' : 'public'}
          onChange={(value) => choose(value === 'private')}
          options={[
            { value: 'public', label: words.isPublic, icon: <Globe aria-hidden="true" /> },
            { value: 'private', label: words.isPrivate, icon: <Lock aria-hidden="true" /> },
          ]}
        />
        <nav className={styles.links} aria-label={words.audience}>
          <Way to={places.requests} label={requests ? text.people.requestCount(requests) : text.people.requests} />
          <Way to={places.blocked} label={words.blocked} />
        </nav>
      </Section>
      <Section title={words.lists}>
        <nav className={styles.links} aria-label={words.lists}>
          <Way to={places.muted} label={words.muted} />
          <Way to={places.words} label={words.words} />
        </nav>
      </Section>
      <Deactivate />
    </Page>
  );
}

function Way({ to, label }: { to: string; label: string }) {
  return (
    <Link to={to} className={styles.link}>
      <span>{label}</span>
      <ChevronRight aria-hidden="true" />
    </Link>
  );
}
