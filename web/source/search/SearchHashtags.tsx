import type { ReactNode } from 'react';
import { graphql, usePaginationFragment } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { SearchHashtags_query$key } from '~/__generated__/SearchHashtags_query.graphql';
import type { SearchHashtagsMoreQuery } from '~/__generated__/SearchHashtagsMoreQuery.graphql';
import { useText } from '~/i18n/language';
import { places } from '~/routing/places';
import { More } from '~/timeline/More';
import { usePages } from '~/timeline/usePages';
import styles from './SearchPage.module.css';

/** Hashtags of such a name, the most used first. */
export function SearchHashtags({ query, none }: { query: SearchHashtags_query$key; none: ReactNode }) {
  const { search: text } = useText();
  const { data, ...pagination } = usePaginationFragment<SearchHashtagsMoreQuery, SearchHashtags_query$key>(
    graphql`
      fragment SearchHashtags_query on Query
      @refetchable(queryName: "SearchHashtagsMoreQuery")
      @argumentDefinitions(
        text: { type: "String!" }
        first: { type: "Int", defaultValue: 20 }
        after: { type: "String" }
      ) {
        search(text: $text) {
          hashtags(first: $first, after: $after) @connection(key: "SearchHashtags_hashtags") {
            edges {
              node {
                name
              }
              postCount
            }
          }
        }
      }
    `,
    query,
  );
  const pages = usePages(pagination);
  const edges = data.search.hashtags?.edges ?? [];
  if (!edges.length && !pages.hasNext) return none;
  return (
    <>
      <ul aria-label={text.hashtags}>
        {edges.map(({ node, postCount }) => (
          <li key={node.name} className={styles.hashtag}>
            <Link to={places.hashtag(node.name)}>
              <strong>#{node.name}</strong>
              <span>{text.postCount(postCount)}</span>
            </Link>
          </li>
        ))}
      </ul>
      <More {...pages} />
    </>
  );
}
