import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { FeedTabQuery } from '~/__generated__/FeedTabQuery.graphql';
import { wentBack } from '~/routing/direction';
import { places } from '~/routing/places';
import { Empty } from '~/shell/Empty';
import { FeedPosts } from './FeedPosts';
import styles from './Feeds.module.css';
import { feedWords } from './words';

type Props = { id: string /** Another number fetches it anew. */; turn: number };

/** A feed as a tab of the home. */
export default function FeedTab({ id, turn }: Props) {
  const text = feedWords.useText();
  const { node } = useLazyLoadQuery<FeedTabQuery>(
    graphql`
      query FeedTabQuery($id: ID!) {
        node(id: $id) {
          __typename
          ... on CustomFeed {
            description
            owner {
              displayName
            }
            ...FeedPosts_feed
          }
        }
      }
    `,
    { id },
    { fetchKey: turn, fetchPolicy: turn === 0 && wentBack() ? 'store-or-network' : 'store-and-network' },
  );
  if (node?.__typename !== 'CustomFeed') return <Empty title={text.missing} />;
  return (
    <>
      <p className={styles.note}>
        <Link to={places.feed(id)}>{text.by(node.owner.displayName)}</Link>
        {node.description && <span>{node.description}</span>}
      </p>
      <FeedPosts feed={node} />
    </>
  );
}
