import type { ReactNode } from 'react';
import { graphql, usePaginationFragment } from 'react-relay/hooks';
import type { SearchBest_query$key } from '~/__generated__/SearchBest_query.graphql';
import type { SearchBestMoreQuery } from '~/__generated__/SearchBestMoreQuery.graphql';
import { useText } from '~/i18n/language';
import { Feed } from '~/timeline/Feed';
import { usePages } from '~/timeline/usePages';

/** The posts that say what is looked for or mean the same, the best first. They keep their order while one reads. */
export function SearchBest({ query, none }: { query: SearchBest_query$key; none: ReactNode }) {
  const { search: text } = useText();
  const { data, ...pagination } = usePaginationFragment<SearchBestMoreQuery, SearchBest_query$key>(
    graphql`
      fragment SearchBest_query on Query
      @refetchable(queryName: "SearchBestMoreQuery")
      @argumentDefinitions(
        text: { type: "String!" }
        first: { type: "Int", defaultValue: 20 }
        after: { type: "String" }
      ) {
        search(text: $text) {
          best(first: $first, after: $after) @connection(key: "SearchBest_best") {
            edges {
              node {
                id
              }
              ...Entry_edge
            }
          }
        }
      }
    `,
    query,
  );
  const pages = usePages(pagination);
  return <Feed label={text.best} edges={data.search.best?.edges ?? []} {...pages} empty={none} />;
}
