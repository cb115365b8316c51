import type { ReactNode } from 'react';
import { graphql, usePaginationFragment } from 'react-relay/hooks';
import type { SearchPictures_query$key } from '~/__generated__/SearchPictures_query.graphql';
import type { SearchPicturesMoreQuery } from '~/__generated__/SearchPicturesMoreQuery.graphql';
import { useText } from '~/i18n/language';
import { Wall } from '~/post/Wall';
import { More } from '~/timeline/More';
import { usePages } from '~/timeline/usePages';

/** Pictures of the posts that are found, on a wall. */
export function SearchPictures({ query, none }: { query: SearchPictures_query$key; none: ReactNode }) {
  const { search: text } = useText();
  const { data, ...pagination } = usePaginationFragment<SearchPicturesMoreQuery, SearchPictures_query$key>(
    graphql`
      fragment SearchPictures_query on Query
      @refetchable(queryName: "SearchPicturesMoreQuery")
      @argumentDefinitions(
        text: { type: "String!" }
        first: { type: "Int", defaultValue: 30 }
        after: { type: "String" }
      ) {
        search(text: $text) {
          pictures(first: $first, after: $after) @connection(key: "SearchPictures_pictures") {
            edges {
              node {
                id
                images {
                  id
                  width
                  height
                }
              }
              ...WallTile_edge
            }
          }
        }
      }
    `,
    query,
  );
  const pages = usePages(pagination);
  const edges = data.search.pictures?.edges ?? [];
  if (!edges.some(({ node }) => node) && !pages.hasNext) return none;
  return (
    <>
      <Wall label={text.pictures} edges={edges} />
      <More {...pages} />
    </>
  );
}
