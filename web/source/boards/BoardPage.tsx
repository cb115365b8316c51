import { Suspense, useState } from 'react';
import { graphql, type PreloadedQuery, usePaginationFragment, useRelayEnvironment } from 'react-relay/hooks';
import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router';
import type { BoardPage_board$key } from '~/__generated__/BoardPage_board.graphql';
import type { BoardPageMoreQuery } from '~/__generated__/BoardPageMoreQuery.graphql';
import type { BoardPageQuery } from '~/__generated__/BoardPageQuery.graphql';
import type { BoardPageSubscription } from '~/__generated__/BoardPageSubscription.graphql';
import { Button } from '~/design/Button';
import { useText } from '~/i18n/language';
import { PostCard } from '~/post/PostCard';
import { fetchSurely } from '~/relay/fetchSurely';
import { useLive } from '~/relay/useLive';
import { preload, usePage } from '~/relay/usePage';
import { later } from '~/routing/later';
import { places } from '~/routing/places';
import { Empty } from '~/shell/Empty';
import { NotFound } from '~/shell/NotFound';
import { Page } from '~/shell/Page';
import { More } from '~/timeline/More';
import { usePages } from '~/timeline/usePages';
import { BoardMenu } from './BoardMenu';
import styles from './BoardPage.module.css';
import { refresher } from './refresher';

const Arrange = later(() => import('./Arrange'));

const QUERY = graphql`
  query BoardPageQuery($id: ID!) {
    node(id: $id) {
      __typename
      ... on Board {
        id
        ...BoardPage_board
      }
    }
  }
`;

const LIVE = graphql`
  subscription BoardPageSubscription($id: ID!, $after: String) {
    boardChanged(id: $id, after: $after) {
      __typename
      cursor
      ... on BoardChanged {
        board {
          id
          name
          description
          audience
          postCount
        }
      }
      ... on Reset {
        reason
      }
    }
  }
`;

const FRESH = graphql`
  query BoardPageFreshQuery($id: ID!, $first: Int!) {
    node(id: $id) {
      __typename
      ... on Board {
        id
        ...BoardPage_board @arguments(first: $first)
      }
    }
  }
`;

const PAGE = 20;
const LARGEST_PAGE = 100;

type Loaded = { id: string; reference: PreloadedQuery<BoardPageQuery> };

export function loader({ params: { id = '' } }: LoaderFunctionArgs): Loaded {
  return { id, reference: preload<BoardPageQuery>(QUERY, { id }) };
}

/** What stands on a board, in its order, as it changes. */
export function Component() {
  const text = useText();
  const { reference } = useLoaderData<Loaded>();
  const { node } = usePage<BoardPageQuery>(QUERY, reference);
  if (node?.__typename !== 'Board') return <NotFound text={text.boards.missing} />;
  return <Board board={node} />;
}

function Board({ board }: { board: BoardPage_board$key }) {
  const text = useText();
  const words = text.boards;
  const environment = useRelayEnvironment();
  const [arranging, setArranging] = useState(false);
  const [anew] = useState(refresher);
  const { data, ...pagination } = usePaginationFragment<BoardPageMoreQuery, BoardPage_board$key>(
    graphql`
      fragment BoardPage_board on Board
      @refetchable(queryName: "BoardPageMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
        id
        name
        description
        audience
        postCount
        viewerCanAdd
        viewerIsOwner
        owner {
          id
          handle
          displayName
        }
        ...BoardMenu_board
        posts(first: $first, after: $after) @connection(key: "BoardPage_posts") {
          liveCursor
          edges {
            node {
              id
              ...PostCard_post
            }
            ...Arrange_edge
          }
        }
      }
    `,
    board,
  );
  const { id, posts } = data;
  const edges = (posts?.edges ?? []).filter(({ node }) => node);
  useLive<BoardPageSubscription>(LIVE, {
    place: `board ${id}`,
    variables: { id },
    after: posts?.liveCursor,
    onEvent: ({ boardChanged: { __typename } }) => {
      if (__typename !== 'BoardChanged' && __typename !== 'Reset') return;
      // Its posts are fetched anew, as many as are shown; what is on screen stays until they are there.
      const first = Math.min(LARGEST_PAGE, Math.max(PAGE, edges.length));
      void anew(() => fetchSurely(environment, FRESH, { id, first }));
    },
  });
  const pages = usePages(pagination);
  return (
    <Page
      title={data.name}
      heading={<bdi>{data.name}</bdi>}
      back
      tools={data.viewerIsOwner || data.viewerCanAdd ? <BoardMenu board={data} /> : undefined}
    >
      <div className={styles.head}>
        {data.description && <p className={styles.text}>{data.description}</p>}
        <p className={styles.facts}>
          <Link to={places.person(data.owner.handle)}>{words.by(data.owner.displayName)}</Link>
          <span>{words.posts(data.postCount)}</span>
          <span>{words.audiences[data.audience as keyof typeof words.audiences]}</span>
        </p>
        {data.viewerCanAdd && edges.length > 1 && (
          <Button look="quiet" small aria-pressed={arranging} onClick={() => setArranging(!arranging)}>
            {arranging ? words.arranged : words.arrange}
          </Button>
        )}
      </div>
      {!edges.length && !pages.hasNext ? (
        <Empty title={words.empty} text={data.viewerCanAdd ? words.emptyText : undefined} />
      ) : arranging ? (
        <Suspense>
          <Arrange boardId={id} edges={edges} />
        </Suspense>
      ) : (
        <ul aria-label={data.name}>
          {edges.map(({ node }) => (
            <li key={node.id}>
              <PostCard post={node} />
            </li>
          ))}
        </ul>
      )}
      <More {...pages} />
    </Page>
  );
}
