import { ChevronRight, Plus } from 'lucide-react';
import { Suspense, useState } from 'react';
import { graphql, type PreloadedQuery } from 'react-relay/hooks';
import { Link, useLoaderData } from 'react-router';
import type { ListsPageQuery } from '~/__generated__/ListsPageQuery.graphql';
import { Button } from '~/design/Button';
import { useText } from '~/i18n/language';
import { preload, usePage } from '~/relay/usePage';
import { later } from '~/routing/later';
import { places } from '~/routing/places';
import { SignedOut } from '~/session/SignedOut';
import { Empty } from '~/shell/Empty';
import { Page } from '~/shell/Page';
import styles from './Lists.module.css';

const NewList = later(() => import('./NewList'));

const QUERY = graphql`
  query ListsPageQuery {
    viewer {
      lists(first: 100) @connection(key: "ListsPage_lists") {
        __id
        edges {
          node {
            id
            name
            description
            isPrivate
            isExclusive
            memberCount
          }
        }
      }
    }
  }
`;

export const loader = () => preload<ListsPageQuery>(QUERY, {});

/** One's lists of people. */
export function Component() {
  const all = useText();
  const text = all.lists;
  const [making, setMaking] = useState(false);
  const { viewer } = usePage<ListsPageQuery>(QUERY, useLoaderData<PreloadedQuery<ListsPageQuery>>());
  if (!viewer) {
    return (
      <Page title={text.title}>
        <SignedOut title={text.signedOut} text={all.signing.signedOutText} />
      </Page>
    );
  }
  const edges = (viewer.lists?.edges ?? []).filter(({ node }) => node);
  const make = (
    <Button small onClick={() => setMaking(true)}>
      <Plus size={16} aria-hidden="true" />
      {text.make}
    </Button>
  );
  return (
    <Page title={text.title}>
      {edges.length > 0 ? (
        <>
          <div className={styles.top}>{make}</div>
          <ul aria-label={text.title}>
            {edges.map(({ node }) => (
              <li key={node.id}>
                <Link to={places.list(node.id)} className={styles.list}>
                  <span className={styles.words}>
                    <bdi className={styles.name}>{node.name}</bdi>
                    {node.description && <span className={styles.about}>{node.description}</span>}
                    <span className={styles.facts}>
                      <span>{text.members(node.memberCount)}</span>
                      <span>{node.isPrivate ? text.private : text.public}</span>
                      {node.isExclusive && <span>{text.isExclusive}</span>}
                    </span>
                  </span>
                  <ChevronRight aria-hidden="true" />
                </Link>
              </li>
            ))}
          </ul>
        </>
      ) : (
        <Empty title={text.none} text={text.noneText}>
          {make}
        </Empty>
      )}
      <Suspense>
        {making && viewer.lists && <NewList open onOpenChange={setMaking} connections={[viewer.lists.__id]} />}
      </Suspense>
    </Page>
  );
}
