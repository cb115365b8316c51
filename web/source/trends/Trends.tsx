import { useEffect, useTransition } from 'react';
import { graphql, useLazyLoadQuery, usePaginationFragment, useRelayEnvironment } from 'react-relay/hooks';
import { Link, useSearchParams } from 'react-router';
import { fetchQuery } from 'relay-runtime';
import type { Trends_query$key } from '~/__generated__/Trends_query.graphql';
import type { TrendsAnewQuery } from '~/__generated__/TrendsAnewQuery.graphql';
import type { TrendsMoreQuery } from '~/__generated__/TrendsMoreQuery.graphql';
import type { TrendsQuery } from '~/__generated__/TrendsQuery.graphql';
import { SelectField } from '~/design/Field';
import { useLanguage, useText } from '~/i18n/language';
import { places } from '~/routing/places';
import { Empty } from '~/shell/Empty';
import { Feed } from '~/timeline/Feed';
import { usePages } from '~/timeline/usePages';
import styles from './Trends.module.css';

const ANEW_MILLISECONDS = 60_000;
const LANGUAGES = ['ar', 'de', 'el', 'en', 'es', 'fr', 'he', 'hi', 'it', 'ja', 'ko', 'pt', 'ru', 'th', 'uk', 'zh'];

const ANEW = graphql`
  query TrendsAnewQuery($language: String) {
    trends(language: $language) {
      workedOutAt
      hashtags {
        accountCount
        hashtag {
          name
        }
      }
    }
  }
`;

/** What more people than usual are at: hashtags, which are fetched anew each minute, and posts, which stay as they were read. */
export default function Trends() {
  const text = useText();
  const tongue = useLanguage();
  const environment = useRelayEnvironment();
  const [search, setSearch] = useSearchParams();
  const [, begin] = useTransition();
  const wish = search.get('language');
  const language = wish && LANGUAGES.includes(wish) ? wish : null;
  const query = useLazyLoadQuery<TrendsQuery>(
    graphql`
      query TrendsQuery($language: String) {
        ...Trends_query @arguments(language: $language)
      }
    `,
    { language },
    { fetchPolicy: 'store-and-network' },
  );
  const { data, ...pagination } = usePaginationFragment<TrendsMoreQuery, Trends_query$key>(
    graphql`
      fragment Trends_query on Query
      @refetchable(queryName: "TrendsMoreQuery")
      @argumentDefinitions(
        language: { type: "String" }
        first: { type: "Int", defaultValue: 20 }
        after: { type: "String" }
      ) {
        trends(language: $language) {
          hashtags {
            accountCount
            hashtag {
              name
            }
          }
          posts(first: $first, after: $after) @connection(key: "Trends_posts") {
            edges {
              repostedBy {
                id
              }
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
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible')
        fetchQuery<TrendsAnewQuery>(environment, ANEW, { language }, { fetchPolicy: 'network-only' }).subscribe({
          error: () => undefined, // the next minute tries again
        });
    }, ANEW_MILLISECONDS);
    return () => clearInterval(timer);
  }, [environment, language]);
  const names = new Intl.DisplayNames([tongue], { type: 'language' });
  const tags = data.trends?.hashtags ?? [];
  const edges = data.trends?.posts?.edges ?? [];
  return (
    <>
      <div className={styles.choice}>
        <SelectField
          label={text.trends.language}
          value={language ?? ''}
          onChange={({ target }) =>
            begin(() =>
              setSearch(target.value ? { view: 'trends', language: target.value } : { view: 'trends' }, {
                replace: true,
                preventScrollReset: true,
              }),
            )
          }
        >
          <option value="">{text.trends.all}</option>
          {LANGUAGES.map((code) => (
            <option key={code} value={code}>
              {names.of(code)}
            </option>
          ))}
        </SelectField>
        <details className={styles.how}>
          <summary>{text.trends.how}</summary>
          <p>{text.trends.howText}</p>
        </details>
      </div>
      {!tags.length && !edges.length ? (
        <Empty title={text.trends.quiet} text={text.trends.quietText} />
      ) : (
        <>
          {tags.length > 0 && (
            <section className={styles.tags} aria-labelledby="trending-tags">
              <h2 id="trending-tags">{text.trends.hashtags}</h2>
              <ol>
                {tags.map(({ hashtag, accountCount }, index) => (
                  <li key={hashtag.name}>
                    <Link to={places.hashtag(hashtag.name)}>
                      <span className={styles.place} aria-hidden="true">
                        {index + 1}
                      </span>
                      <span className={styles.name}>
                        <bdi>#{hashtag.name}</bdi>
                      </span>
                      <span className={styles.people}>{text.trends.people(accountCount)}</span>
                    </Link>
                  </li>
                ))}
              </ol>
            </section>
          )}
          {edges.length > 0 && (
            <section aria-labelledby="trending-posts">
              <h2 id="trending-posts" className={styles.heading}>
                {text.trends.posts}
              </h2>
              <Feed label={text.trends.posts} edges={edges} {...pages} empty={null} />
            </section>
          )}
        </>
      )}
    </>
  );
}
