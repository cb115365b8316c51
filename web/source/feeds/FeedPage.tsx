import { Check, Copy, Home, Link as LinkIcon } from 'lucide-react';
import { useMemo } from 'react';
import { graphql, type PreloadedQuery, useFragment } from 'react-relay/hooks';
import { Link, type LoaderFunctionArgs, useLoaderData, useNavigate } from 'react-router';
import type { FeedPageCopyMutation } from '~/__generated__/FeedPageCopyMutation.graphql';
import type { FeedPageQuery } from '~/__generated__/FeedPageQuery.graphql';
import type { told_rules$key } from '~/__generated__/told_rules.graphql';
import { Button } from '~/design/Button';
import { IconButton } from '~/design/IconButton';
import { toast } from '~/design/Toast';
import { useAction } from '~/relay/useAction';
import { preload, usePage } from '~/relay/usePage';
import { places } from '~/routing/places';
import { NotFound } from '~/shell/NotFound';
import { Page } from '~/shell/Page';
import { Explained } from './Explained';
import { FeedMenu } from './FeedMenu';
import { FeedPosts } from './FeedPosts';
import styles from './Feeds.module.css';
import { draftOf, RULES } from './told';
import { usePin } from './usePin';
import { feedWords } from './words';

const QUERY = graphql`
  query FeedPageQuery($id: ID!) {
    node(id: $id) {
      __typename
      ... on CustomFeed {
        id
        name
        description
        isPrivate
        viewerIsOwner
        viewerHasPinned
        owner {
          handle
          displayName
        }
        rules {
          ...told_rules
        }
        ...FeedPosts_feed
      }
    }
  }
`;

export async function loader({ params: { id = '' } }: LoaderFunctionArgs) {
  const reference = preload<FeedPageQuery>(QUERY, { id });
  await feedWords.learn();
  return reference;
}

/** A feed: what it shows and why, to read, to keep in one's home, to make one's own. */
export function Component() {
  const text = feedWords.useText();
  const { node } = usePage<FeedPageQuery>(QUERY, useLoaderData<PreloadedQuery<FeedPageQuery>>());
  if (node?.__typename !== 'CustomFeed') return <NotFound text={text.missing} />;
  return <Shown feed={node} />;
}

type Found = Extract<FeedPageQuery['response']['node'], { __typename: 'CustomFeed' }>;

function Shown({ feed }: { feed: NonNullable<Found> }) {
  const text = feedWords.useText();
  const navigate = useNavigate();
  const told = useFragment<told_rules$key>(RULES, feed.rules);
  const draft = useMemo(() => draftOf(told), [told]);
  const [pin, pinning] = usePin(feed);
  const [copy, copying] = useAction<FeedPageCopyMutation>(graphql`
    mutation FeedPageCopyMutation($input: CopyFeedInput!) {
      copyFeed(input: $input) {
        feed {
          id
        }
        userErrors {
          code
          path
        }
      }
    }
  `);
  return (
    <Page
      title={feed.name}
      heading={<bdi>{feed.name}</bdi>}
      back
      tools={
        <>
          <IconButton
            label={text.link}
            icon={<LinkIcon />}
            onClick={() =>
              void navigator.clipboard
                .writeText(new URL(places.feed(feed.id), location.href).href)
                .then(() => toast(text.linkCopied))
            }
          />
          {feed.viewerIsOwner && <FeedMenu id={feed.id} />}
        </>
      }
    >
      <div className={styles.head}>
        {feed.description && <p className={styles.text}>{feed.description}</p>}
        <p className={styles.facts}>
          <Link to={places.person(feed.owner.handle)}>{text.by(feed.owner.displayName)}</Link>
          {feed.isPrivate && <span>{text.private}</span>}
        </p>
        <Explained draft={draft} />
        <div className={styles.buttons}>
          <Button
            small
            look={feed.viewerHasPinned ? 'quiet' : 'primary'}
            busy={pinning}
            aria-pressed={feed.viewerHasPinned}
            onClick={pin}
          >
            {feed.viewerHasPinned ? <Check size={16} aria-hidden="true" /> : <Home size={16} aria-hidden="true" />}
            {feed.viewerHasPinned ? text.unpin : text.pin}
          </Button>
          {!feed.viewerIsOwner && (
            <Button
              small
              look="quiet"
              busy={copying}
              onClick={() =>
                copy({
                  input: { feedId: feed.id },
                  onDone: ({ copyFeed: { feed: made } }) => {
                    if (!made) return;
                    toast(text.copied);
                    void navigate(places.editFeed(made.id));
                  },
                })
              }
            >
              <Copy size={16} aria-hidden="true" />
              {text.copy}
            </Button>
          )}
        </div>
      </div>
      <FeedPosts feed={feed} />
    </Page>
  );
}
