import { graphql, useLazyLoadQuery, usePaginationFragment } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { Picked_viewer$key } from '~/__generated__/Picked_viewer.graphql';
import type { PickedMoreQuery } from '~/__generated__/PickedMoreQuery.graphql';
import type { PickedQuery } from '~/__generated__/PickedQuery.graphql';
import { buttonClass } from '~/design/Button';
import { useText } from '~/i18n/language';
import { wentBack } from '~/routing/direction';
import { places } from '~/routing/places';
import { Empty } from '~/shell/Empty';
import { Feed } from '~/timeline/Feed';
import { usePages } from '~/timeline/usePages';
import { useUnwanted } from './unwanted';

type Props = { /** Another number begins another list. */ turn: number };

/** What is picked for one, in an order that stays while it is read; who comes back finds the list that they left. */
export default function Picked({ turn }: Props) {
  const { viewer } = useLazyLoadQuery<PickedQuery>(
    graphql`
      query PickedQuery {
        viewer {
          ...Picked_viewer
        }
      }
    `,
    {},
    { fetchKey: turn, fetchPolicy: turn === 0 && wentBack() ? 'store-or-network' : 'network-only' },
  );
  return viewer ? <List viewer={viewer} /> : null;
}

function List({ viewer }: { viewer: Picked_viewer$key }) {
  const text = useText();
  const unwanted = useUnwanted();
  const { data, ...pagination } = usePaginationFragment<PickedMoreQuery, Picked_viewer$key>(
    graphql`
      fragment Picked_viewer on Viewer
      @refetchable(queryName: "PickedMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
        forYouTimeline(first: $first, after: $after) @connection(key: "Picked_forYouTimeline") {
          edges {
            repostedBy {
              id
            }
            node {
              id
              author {
                id
              }
            }
            ...Entry_edge
          }
        }
      }
    `,
    viewer,
  );
  const pages = usePages(pagination);
  const edges = (data.forYouTimeline?.edges ?? []).filter(
    ({ node }) => node && !unwanted.has(node.id) && !unwanted.has(node.author.id),
  );
  return (
    <Feed
      label={text.picked.forYou}
      edges={edges}
      {...pages}
      empty={
        <Empty title={text.picked.empty} text={text.picked.emptyText}>
          <Link to={places.explore} className={buttonClass()}>
            {text.home.toExplore}
          </Link>
        </Empty>
      }
    />
  );
}
