import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { AsideTrendsQuery } from '~/__generated__/AsideTrendsQuery.graphql';
import { useText } from '~/i18n/language';
import { PATIENT } from '~/relay/network';
import { places } from '~/routing/places';
import styles from './AsideTrends.module.css';

const MOST = 5;

/** The strongest hashtags, small. */
export default function AsideTrends() {
  const text = useText();
  const { trends } = useLazyLoadQuery<AsideTrendsQuery>(
    graphql`
      query AsideTrendsQuery {
        trends {
          hashtags {
            accountCount
            hashtag {
              name
            }
          }
        }
      }
    `,
    {},
    { fetchPolicy: 'store-or-network', networkCacheConfig: PATIENT },
  );
  const tags = (trends?.hashtags ?? []).slice(0, MOST);
  if (!tags.length) return null;
  return (
    <section className={styles.trends}>
      <h2>
        <Link to={`${places.explore}?view=trends`}>{text.trends.title}</Link>
      </h2>
      <ol>
        {tags.map(({ hashtag, accountCount }) => (
          <li key={hashtag.name}>
            <Link to={places.hashtag(hashtag.name)}>
              <bdi>#{hashtag.name}</bdi>
            </Link>
            <span>{text.trends.people(accountCount)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
