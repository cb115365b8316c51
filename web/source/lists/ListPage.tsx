import { graphql, type PreloadedQuery } from 'react-relay/hooks';
import { Link, type LoaderFunctionArgs, NavLink, useLoaderData } from 'react-router';
import type { ListPageQuery } from '~/__generated__/ListPageQuery.graphql';
import { useText } from '~/i18n/language';
import tabs from '~/profile/ProfilePage.module.css';
import { preload, usePage } from '~/relay/usePage';
import { places } from '~/routing/places';
import { NotFound } from '~/shell/NotFound';
import { Page } from '~/shell/Page';
import { ListMenu } from './ListMenu';
import { ListPeople } from './ListPeople';
import { ListPosts } from './ListPosts';
import styles from './Lists.module.css';

const QUERY = graphql`
  query ListPageQuery($id: ID!, $people: Boolean!) {
    node(id: $id) {
      __typename
      ... on UserList {
        id
        name
        description
        isPrivate
        isExclusive
        memberCount
        viewerIsOwner
        owner {
          id
          handle
          displayName
        }
        ...ListMenu_list
        ...ListPosts_list @skip(if: $people)
        ...ListPeople_list @include(if: $people)
      }
    }
  }
`;

type Loaded = { reference: PreloadedQuery<ListPageQuery>; people: boolean };

export function loader({ params: { id = '' }, request }: LoaderFunctionArgs): Loaded {
  const people = new URL(request.url).pathname.endsWith('/people');
  return { reference: preload<ListPageQuery>(QUERY, { id, people }), people };
}

/** A list: what the people on it post, live; and who they are. */
export function Component() {
  const text = useText().lists;
  const words = useText().boards;
  const { reference, people } = useLoaderData<Loaded>();
  const { node } = usePage<ListPageQuery>(QUERY, reference);
  if (node?.__typename !== 'UserList') return <NotFound text={text.missing} />;
  return (
    <Page
      title={node.name}
      heading={<bdi>{node.name}</bdi>}
      back
      tools={node.viewerIsOwner ? <ListMenu list={node} /> : undefined}
    >
      <div className={styles.head}>
        {node.description && <p className={styles.text}>{node.description}</p>}
        <p className={styles.facts}>
          <Link to={places.person(node.owner.handle)}>{words.by(node.owner.displayName)}</Link>
          <span>{text.members(node.memberCount)}</span>
          {node.isPrivate && <span>{text.private}</span>}
          {node.isExclusive && <span>{text.isExclusive}</span>}
        </p>
      </div>
      <nav className={tabs.tabs} aria-label={node.name}>
        <NavLink to={places.list(node.id)} end className={tabs.tab} preventScrollReset>
          {text.posts}
        </NavLink>
        <NavLink to={places.listPeople(node.id)} end className={tabs.tab} preventScrollReset>
          {text.people}
        </NavLink>
      </nav>
      {people ? <ListPeople list={node} /> : <ListPosts list={node} />}
    </Page>
  );
}
