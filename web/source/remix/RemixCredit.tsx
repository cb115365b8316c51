import { Shuffle } from 'lucide-react';
import { Suspense } from 'react';
import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { RemixCreditQuery } from '~/__generated__/RemixCreditQuery.graphql';
import { useText } from '~/i18n/language';
import { PATIENT } from '~/relay/network';
import { places } from '~/routing/places';
import styles from './RemixCredit.module.css';

/** Whom a remix credits, or why that is not shown; asked for anew whenever the post changes. */
export function RemixCredit({ postId, version }: { postId: string; version: number }) {
  return (
    <Suspense fallback={<p className={styles.credit} />}>
      <Credit postId={postId} version={version} />
    </Suspense>
  );
}

function Credit({ postId, version }: { postId: string; version: number }) {
  const text = useText();
  const { node } = useLazyLoadQuery<RemixCreditQuery>(
    graphql`
      query RemixCreditQuery($id: ID!) {
        node(id: $id) {
          __typename
          ... on Post {
            id
            images {
              id
              remixed
            }
            remixOf {
              __typename
              ... on RemixSource {
                post {
                  id
                  author {
                    displayName
                  }
                }
              }
              ... on UnavailableRemixSource {
                reason
              }
            }
          }
        }
      }
    `,
    { id: postId },
    { fetchKey: version, fetchPolicy: 'store-and-network', networkCacheConfig: PATIENT },
  );
  const source = node?.__typename === 'Post' ? node.remixOf : null;
  const picture = node?.__typename === 'Post' ? node.images.find(({ remixed }) => remixed) : undefined;
  if (!source || !picture) return null;
  return (
    <p className={styles.credit} data-remix={source.__typename}>
      <Shuffle aria-hidden="true" />
      <Link to={places.lineage(picture.id)}>
        {source.__typename === 'RemixSource'
          ? text.remix.of(source.post.author.displayName)
          : text.remix.hole[
              source.__typename === 'UnavailableRemixSource'
                ? (source.reason as keyof typeof text.remix.hole)
                : 'NOT_VISIBLE'
            ]}
      </Link>
    </p>
  );
}
