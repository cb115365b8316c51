import type { ReactNode } from 'react';
import { graphql, usePaginationFragment } from 'react-relay/hooks';
import type { SearchPeople_query$key } from '~/__generated__/SearchPeople_query.graphql';
import type { SearchPeopleMoreQuery } from '~/__generated__/SearchPeopleMoreQuery.graphql';
import { useText } from '~/i18n/language';
import { FollowButton } from '~/people/FollowButton';
import { PeopleList } from '~/people/PeopleList';
import { PersonRow } from '~/people/PersonRow';
import { usePages } from '~/timeline/usePages';

/** People of such a name, the closest first. */
export function SearchPeople({ query, none }: { query: SearchPeople_query$key; none: ReactNode }) {
  const { search: text } = useText();
  const { data, ...pagination } = usePaginationFragment<SearchPeopleMoreQuery, SearchPeople_query$key>(
    graphql`
      fragment SearchPeople_query on Query
      @refetchable(queryName: "SearchPeopleMoreQuery")
      @argumentDefinitions(
        text: { type: "String!" }
        first: { type: "Int", defaultValue: 20 }
        after: { type: "String" }
      ) {
        search(text: $text) {
          people(first: $first, after: $after) @connection(key: "SearchPeople_people") {
            edges {
              node {
                id
                ...PersonRow_user
                ...FollowButton_user
              }
            }
          }
        }
      }
    `,
    query,
  );
  return (
    <PeopleList
      label={text.people}
      edges={data.search.people?.edges ?? []}
      {...usePages(pagination)}
      none={none}
      row={(node) => (
        <PersonRow key={node.id} user={node}>
          <FollowButton user={node} small />
        </PersonRow>
      )}
    />
  );
}
