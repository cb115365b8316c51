import { ChevronRight, Plus } from 'lucide-react';
import { graphql, type PreloadedQuery, useFragment } from 'react-relay/hooks';
import { Link, useLoaderData } from 'react-router';
import type { FeedsPage_feed$key } from '~/__generated__/FeedsPage_feed.graphql';
import type { FeedsPageQuery } from '~/__generated__/FeedsPageQuery.graphql';
import type { told_rules$key } from '~/__generated__/told_rules.graphql';
import { buttonClass } from '~/design/Button';
import { useText } from '~/i18n/language';
import { preload, usePage } from '~/relay/usePage';
import { places } from '~/routing/places';
import { SignedOut } from '~/session/SignedOut';
import { Empty } from '~/shell/Empty';
import { Page } from '~/shell/Page';
import styles from './Feeds.module.css';
import { draftOf, explained, RULES } from './told';
import { feedWords } from './words';

const QUERY = graphql`
  query FeedsPageQuery {
    viewer {
      pinnedFeeds {
        id
        name
        viewerIsOwner
        ...FeedsPage_feed
      }
      feeds(first: 50) {
        edges {
          node {
            id
            ...FeedsPage_feed
          }
        }
      }
    }
  }
`;

export async function loader() {
  const reference = preload<FeedsPageQuery>(QUERY, {});
  await feedWords.learn();
  return reference;
}

/** One's feeds, and those of others in one's home. */
export function Component() {
  const all = useText();
  const text = feedWords.useText();
  const { viewer } = usePage<FeedsPageQuery>(QUERY, useLoaderData<PreloadedQuery<FeedsPageQuery>>());
  const title = all.custom.title;
  if (!viewer) {
    return (
      <Page title={title}>
        <SignedOut title={text.signedOut} text={all.signing.signedOutText} />
      </Page>
    );
  }
  const own = (viewer.feeds?.edges ?? []).flatMap(({ node }) => (node ? [node] : []));
  const others = viewer.pinnedFeeds.filter(({ viewerIsOwner }) => !viewerIsOwner);
  const make = (
    <Link to={places.newFeed} className={buttonClass({ small: true })}>
      <Plus size={16} aria-hidden="true" />
      {text.make}
    </Link>
  );
  if (!own.length && !others.length) {
    return (
      <Page title={title}>
        <Empty title={text.none} text={text.noneText}>
          {make}
        </Empty>
      </Page>
    );
  }
  return (
    <Page title={title} tools={make}>
      {own.length > 0 && <Some label={text.own} feeds={own} />}
      {others.length > 0 && <Some label={text.pinned} feeds={others} />}
    </Page>
  );
}

function Some({ label, feeds }: { label: string; feeds: readonly (FeedsPage_feed$key & { readonly id: string })[] }) {
  return (
    <section aria-label={label}>
      <h2 className={styles.label}>{label}</h2>
      <ul>
        {feeds.map((feed) => (
          <li key={feed.id}>
            <Row feed={feed} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Row({ feed: key }: { feed: FeedsPage_feed$key }) {
  const text = feedWords.useText();
  const feed = useFragment(
    graphql`
      fragment FeedsPage_feed on CustomFeed {
        id
        name
        isPrivate
        viewerIsOwner
        viewerHasPinned
        owner {
          displayName
        }
        rules {
          ...told_rules
        }
      }
    `,
    key,
  );
  const told = useFragment<told_rules$key>(RULES, feed.rules);
  return (
    <Link to={places.feed(feed.id)} className={styles.row}>
      <span className={styles.words}>
        <bdi className={styles.name}>{feed.name}</bdi>
        <span className={styles.about}>{explained(text, draftOf(told)).sentence}</span>
        <span className={styles.facts}>
          {!feed.viewerIsOwner && <span>{text.by(feed.owner.displayName)}</span>}
          <span>{feed.isPrivate ? text.private : text.public}</span>
          {feed.viewerHasPinned && <span>{text.pinned}</span>}
        </span>
      </span>
      <ChevronRight aria-hidden="true" />
    </Link>
  );
}
