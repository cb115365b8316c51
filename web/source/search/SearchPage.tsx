import { Suspense } from 'react';
import { graphql, type PreloadedQuery } from 'react-relay/hooks';
import { Link, type LoaderFunctionArgs, useLoaderData, useNavigate } from 'react-router';
import type { SearchPageQuery } from '~/__generated__/SearchPageQuery.graphql';
import { useText } from '~/i18n/language';
import { preload, usePage } from '~/relay/usePage';
import { places } from '~/routing/places';
import { useViewer } from '~/session/viewer';
import { Empty } from '~/shell/Empty';
import { Page } from '~/shell/Page';
import { partsOf } from './parts';
import { SavedSearches } from './SavedSearches';
import { SaveSearch } from './SaveSearch';
import { SearchBest } from './SearchBest';
import { SearchBox } from './SearchBox';
import { SearchHashtags } from './SearchHashtags';
import { SearchHelp } from './SearchHelp';
import styles from './SearchPage.module.css';
import { SearchPeople } from './SearchPeople';
import { SearchPictures } from './SearchPictures';
import { SearchPosts } from './SearchPosts';

const TABS = ['posts', 'best', 'people', 'hashtags', 'pictures'] as const;
type Tab = (typeof TABS)[number];

const QUERY = graphql`
  query SearchPageQuery(
    $text: String!
    $posts: Boolean!
    $best: Boolean!
    $people: Boolean!
    $hashtags: Boolean!
    $pictures: Boolean!
  ) {
    search(text: $text) {
      problem {
        code
        offset
        length
      }
    }
    ...SearchPosts_query @arguments(text: $text) @include(if: $posts)
    ...SearchBest_query @arguments(text: $text) @include(if: $best)
    ...SearchPeople_query @arguments(text: $text) @include(if: $people)
    ...SearchHashtags_query @arguments(text: $text) @include(if: $hashtags)
    ...SearchPictures_query @arguments(text: $text) @include(if: $pictures)
  }
`;

type Loaded = { text: string; tab: Tab; reference: PreloadedQuery<SearchPageQuery> | null };

export function loader({ request }: LoaderFunctionArgs): Loaded {
  const { searchParams } = new URL(request.url);
  const text = searchParams.get('q')?.trim() ?? '';
  const tab = TABS.find((one) => one === searchParams.get('tab')) ?? 'posts';
  const wanted = { posts: false, best: false, people: false, hashtags: false, pictures: false, [tab]: true };
  return { text, tab, reference: text ? preload<SearchPageQuery>(QUERY, { text, ...wanted }) : null };
}

/** What somebody looks for: a line, what it finds, and what of it is not understood. */
export function Component() {
  const text = useText();
  const navigate = useNavigate();
  const viewer = useViewer();
  const { text: asked, tab, reference } = useLoaderData<Loaded>();
  const ask = (wanted: string) => void navigate(wanted ? places.found(wanted, tab) : places.search);
  return (
    <Page
      title={asked ? `${asked} · ${text.places.search}` : text.places.search}
      quiet
      tools={<SearchBox asked={asked} onAsk={ask} />}
    >
      {reference ? (
        <>
          <nav className={styles.tabs} aria-label={text.search.tabs}>
            {TABS.map((one) => (
              <Link
                key={one}
                to={places.found(asked, one)}
                className={styles.tab}
                aria-current={one === tab ? 'page' : undefined}
                replace
                preventScrollReset
              >
                {text.search[one]}
              </Link>
            ))}
          </nav>
          {viewer && (tab === 'posts' || tab === 'best') && (
            <div className={styles.keep}>
              <Suspense>
                <SaveSearch key={`${tab} ${asked}`} text={asked} byMeaning={tab === 'best'} />
              </Suspense>
            </div>
          )}
          <Found key={`${tab} ${asked}`} text={asked} tab={tab} reference={reference} />
        </>
      ) : (
        <Suspense>
          {viewer && <SavedSearches />}
          <SearchHelp open />
        </Suspense>
      )}
    </Page>
  );
}

function Found({
  text: asked,
  tab,
  reference,
}: {
  text: string;
  tab: Tab;
  reference: PreloadedQuery<SearchPageQuery>;
}) {
  const { search: text } = useText();
  const query = usePage<SearchPageQuery>(QUERY, reference);
  const problem = query.search.problem;
  if (problem) {
    const [before, wrong, behind] = partsOf(asked, problem.offset, problem.length);
    return (
      <div className={styles.problem} role="alert">
        <h2>{text.problemTitle}</h2>
        <p className={styles.asked}>
          {before}
          <mark>{wrong || '…'}</mark>
          {behind}
        </p>
        <p>{text.problems[problem.code as keyof typeof text.problems] ?? text.problems.OTHER}</p>
        <SearchHelp />
      </div>
    );
  }
  const none = (
    <>
      <Empty title={text.none} text={text.noneText} />
      <SearchHelp />
    </>
  );
  if (tab === 'best') return <SearchBest query={query} none={none} />;
  if (tab === 'people') return <SearchPeople query={query} none={none} />;
  if (tab === 'hashtags') return <SearchHashtags query={query} none={none} />;
  if (tab === 'pictures') return <SearchPictures query={query} none={none} />;
  return <SearchPosts query={query} text={asked} none={none} />;
}
