import { graphql, type PreloadedQuery, usePaginationFragment } from 'react-relay/hooks';
import { Link, useLoaderData } from 'react-router';
import type { BookmarksPage_viewer$key } from '~/__generated__/BookmarksPage_viewer.graphql';
import type { BookmarksPageMoreQuery } from '~/__generated__/BookmarksPageMoreQuery.graphql';
import type { BookmarksPageQuery } from '~/__generated__/BookmarksPageQuery.graphql';
import { Boards } from '~/boards/Boards';
import { buttonClass } from '~/design/Button';
import { useText } from '~/i18n/language';
import { preload, usePage } from '~/relay/usePage';
import { places } from '~/routing/places';
import { SignedOut } from '~/session/SignedOut';
import { Empty } from '~/shell/Empty';
import { Page } from '~/shell/Page';
import { Feed } from '~/timeline/Feed';
import { usePages } from '~/timeline/usePages';

const QUERY = graphql`
  query BookmarksPageQuery {
    viewer {
      ...Boards_viewer
      ...BookmarksPage_viewer
    }
  }
`;

export const loader = () => preload<BookmarksPageQuery>(QUERY, {});

/** What one keeps, last kept first; nobody else sees it. */
export function Component() {
  const text = useText();
  const { viewer } = usePage<BookmarksPageQuery>(QUERY, useLoaderData<PreloadedQuery<BookmarksPageQuery>>());
  return (
    <Page title={text.places.bookmarks}>
      {viewer ? (
        <>
          <Boards viewer={viewer} />
          <Kept viewer={viewer} />
        </>
      ) : (
        <SignedOut title={text.keeping.signedOut} text={text.signing.signedOutText} />
      )}
    </Page>
  );
}

function Kept({ viewer }: { viewer: BookmarksPage_viewer$key }) {
  const text = useText();
  const { data, ...pagination } = usePaginationFragment<BookmarksPageMoreQuery, BookmarksPage_viewer$key>(
    graphql`
      fragment BookmarksPage_viewer on Viewer
      @refetchable(queryName: "BookmarksPageMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
        bookmarks(first: $first, after: $after) @connection(key: "BookmarksPage_bookmarks") {
          edges {
            node {
              id
            }
            ...Entry_edge
          }
        }
      }
    `,
    viewer,
  );
  const pages = usePages(pagination);
  // What is taken out stays where it is until the page is come to anew, so that a slip is mended where it happened.
  return (
    <Feed
      label={text.places.bookmarks}
      edges={data.bookmarks?.edges ?? []}
      {...pages}
      empty={
        <Empty title={text.keeping.empty} text={text.keeping.emptyText}>
          <Link to={places.explore} className={buttonClass()}>
            {text.home.toExplore}
          </Link>
        </Empty>
      }
    />
  );
}
