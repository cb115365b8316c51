import { X } from 'lucide-react';
import { graphql, usePaginationFragment } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { ListPeople_list$key } from '~/__generated__/ListPeople_list.graphql';
import type { ListPeopleMoreQuery } from '~/__generated__/ListPeopleMoreQuery.graphql';
import type { ListPeopleRemoveMutation } from '~/__generated__/ListPeopleRemoveMutation.graphql';
import { Avatar } from '~/design/Avatar';
import { IconButton } from '~/design/IconButton';
import { useText } from '~/i18n/language';
import { FollowButton } from '~/people/FollowButton';
import { useAction } from '~/relay/useAction';
import { places } from '~/routing/places';
import { Empty } from '~/shell/Empty';
import { More } from '~/timeline/More';
import { usePages } from '~/timeline/usePages';
import painters from '../home/Painters.module.css';
import styles from './ListPeople.module.css';

/** Who stands on a list; its owner takes them off here. */
export function ListPeople({ list }: { list: ListPeople_list$key }) {
  const text = useText().lists;
  const { data, ...pagination } = usePaginationFragment<ListPeopleMoreQuery, ListPeople_list$key>(
    graphql`
      fragment ListPeople_list on UserList
      @refetchable(queryName: "ListPeopleMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 30 }, after: { type: "String" }) {
        id
        viewerIsOwner
        members(first: $first, after: $after) @connection(key: "ListPeople_members") {
          __id
          edges {
            node {
              id
              handle
              displayName
              bio
              avatar {
                url(size: SMALL)
              }
              ...FollowButton_user
            }
          }
        }
      }
    `,
    list,
  );
  const pages = usePages(pagination);
  const [remove] = useAction<ListPeopleRemoveMutation>(graphql`
    mutation ListPeopleRemoveMutation($input: RemoveFromListInput!, $connections: [ID!]!) {
      removeFromList(input: $input) {
        list {
          id
          memberCount
        }
        user {
          id @deleteEdge(connections: $connections)
        }
        userErrors {
          code
        }
      }
    }
  `);
  const edges = (data.members?.edges ?? []).filter(({ node }) => node);
  if (!edges.length && !pages.hasNext) return <Empty title={text.nobodyOn} text={text.emptyText} />;
  return (
    <>
      <ul aria-label={text.people} className={styles.people}>
        {edges.map(({ node: person }) => (
          <li key={person.id} className={painters.person}>
            <Link to={places.person(person.handle)} className={painters.who}>
              <Avatar handle={person.handle} name={person.displayName} url={person.avatar?.url} />
              <span className={painters.names}>
                <bdi className={painters.name}>{person.displayName}</bdi>
                <span className={painters.about} dir="auto">
                  {person.bio || `@${person.handle}`}
                </span>
              </span>
            </Link>
            <FollowButton user={person} small />
            {data.viewerIsOwner && (
              <IconButton
                label={text.remove(person.handle)}
                icon={<X />}
                onClick={() =>
                  remove({
                    input: { userListId: data.id, userId: person.id },
                    variables: { connections: data.members ? [data.members.__id] : [] },
                  })
                }
              />
            )}
          </li>
        ))}
      </ul>
      <More {...pages} />
    </>
  );
}
