import { ChevronDown } from 'lucide-react';
import { graphql, usePaginationFragment } from 'react-relay/hooks';
import type { HiddenReplies_post$key } from '~/__generated__/HiddenReplies_post.graphql';
import type { HiddenRepliesMoreQuery } from '~/__generated__/HiddenRepliesMoreQuery.graphql';
import type { PostCard_post$key } from '~/__generated__/PostCard_post.graphql';
import { useText } from '~/i18n/language';
import { Hole } from '~/post/Hole';
import { PostCard } from '~/post/PostCard';
import { More } from '~/timeline/More';
import { usePages } from '~/timeline/usePages';
import styles from './HiddenReplies.module.css';

type Props = {
  post: HiddenReplies_post$key;
  /** Those that were folded away since the replies were fetched. */
  more: readonly ({ readonly id: string } & PostCard_post$key)[];
};

/** The replies that whoever began the conversation folded away: closed, and there for everybody who asks. */
export function HiddenReplies({ post, more }: Props) {
  const text = useText().talk;
  const { data, ...pagination } = usePaginationFragment<HiddenRepliesMoreQuery, HiddenReplies_post$key>(
    graphql`
      fragment HiddenReplies_post on Post
      @refetchable(queryName: "HiddenRepliesMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
        hiddenReplies(first: $first, after: $after) @connection(key: "HiddenReplies_hiddenReplies") {
          edges {
            cursor
            node {
              __typename
              ... on Post {
                id
                isHidden
                ...PostCard_post
              }
              ... on UnavailablePost {
                reason
              }
            }
          }
        }
      }
    `,
    post,
  );
  const pages = usePages(pagination);
  const edges = data.hiddenReplies?.edges ?? [];
  const known = new Set(edges.map(({ node }) => (node?.__typename === 'Post' ? node.id : '')));
  const back = edges.filter(({ node }) => node?.__typename === 'Post' && !node.isHidden);
  const folded = edges.filter(({ node }) => node && (node.__typename !== 'Post' || node.isHidden));
  const fresh = more.filter(({ id }) => !known.has(id));
  const count = folded.length + fresh.length;
  return (
    <>
      {back.length > 0 && (
        <ul>
          {back.map(({ cursor, node }) => (
            <li key={cursor}>{node?.__typename === 'Post' && <PostCard post={node} inThread />}</li>
          ))}
        </ul>
      )}
      {count > 0 && (
        <details className={styles.hidden}>
          <summary>
            <ChevronDown aria-hidden="true" />
            {text.hiddenReplies(count)}
            <small>{text.hiddenRepliesHint}</small>
          </summary>
          <ul>
            {folded.map(({ cursor, node }) => (
              <li key={cursor}>
                {node?.__typename === 'Post' && <PostCard post={node} inThread />}
                {node?.__typename === 'UnavailablePost' && <Hole reason={node.reason} />}
              </li>
            ))}
            {fresh.map((node) => (
              <li key={node.id}>
                <PostCard post={node} inThread />
              </li>
            ))}
          </ul>
          {pages.hasNext && <More {...pages} end="" />}
        </details>
      )}
    </>
  );
}
