import { Sparkles } from 'lucide-react';
import { type FormEvent, type ReactNode, useCallback, useMemo, useRef, useState } from 'react';
import { graphql, type PreloadedQuery, usePaginationFragment } from 'react-relay/hooks';
import { type LoaderFunctionArgs, useLoaderData, useNavigate } from 'react-router';
import type { ThreadPage_thread$key } from '~/__generated__/ThreadPage_thread.graphql';
import type { ThreadPageMoreQuery } from '~/__generated__/ThreadPageMoreQuery.graphql';
import type { ThreadPageMutation } from '~/__generated__/ThreadPageMutation.graphql';
import type { ThreadPageQuery } from '~/__generated__/ThreadPageQuery.graphql';
import { Button } from '~/design/Button';
import { useText } from '~/i18n/language';
import { codeText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { preload, usePage } from '~/relay/usePage';
import { places } from '~/routing/places';
import { useViewer } from '~/session/viewer';
import { NotFound } from '~/shell/NotFound';
import { Page } from '~/shell/Page';
import { JobCard } from './JobCard';
import styles from './ThreadPage.module.css';
import { type Branch, treesOf } from './tree';
import { deedsOf, useEngines } from './useEngines';
import { useRetry } from './useRetry';
import { type DEEDS, keepWish, keptWish, LONGEST_PROMPT, type Wish, withPicture } from './wish';

const MORE = 50;

const QUERY = graphql`
  query ThreadPageQuery($id: ID!) {
    engines {
      ...useEngines_engines
    }
    node(id: $id) {
      __typename
      ... on GenerationThread {
        id
        title
        ...ThreadPage_thread
      }
    }
  }
`;

export const loader = ({ params }: LoaderFunctionArgs) => preload<ThreadPageQuery>(QUERY, { id: params.id ?? '' });

/** A conversation about a picture: its turns as a tree, alive, and the words for the next. */
export function Component() {
  const reference = useLoaderData<PreloadedQuery<ThreadPageQuery>>();
  const { node: thread, engines } = usePage<ThreadPageQuery>(QUERY, reference);
  const text = useText();
  const makers = useEngines(engines);
  const deeds = useMemo(() => deedsOf(makers), [makers]);
  if (thread?.__typename !== 'GenerationThread') return <NotFound text={text.studio.threadGone} />;
  return (
    <Page key={thread.id} title={thread.title} heading={<bdi>{thread.title}</bdi>} back wide>
      <Turns thread={thread} deeds={deeds} />
    </Page>
  );
}

type Work = (typeof DEEDS)[number];

function Turns({ thread: key, deeds }: { thread: ThreadPage_thread$key; deeds: readonly Work[] }) {
  const text = useText();
  const navigate = useNavigate();
  const person = useViewer()?.id ?? '';
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment<ThreadPageMoreQuery, ThreadPage_thread$key>(
    graphql`
      fragment ThreadPage_thread on GenerationThread
      @refetchable(queryName: "ThreadPageMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 50 }, after: { type: "String" }) {
        id
        turns(first: $first, after: $after) @connection(key: "ThreadPage_turns") {
          __id
          edges {
            node {
              id
              parent {
                job {
                  id
                }
              }
              ...JobCard_job
            }
          }
        }
      }
    `,
    key,
  );
  const edges = data.turns?.edges ?? [];
  const connection = data.turns?.__id ?? '';
  const trees = useMemo(
    () => treesOf(edges.map(({ node }) => ({ id: node.id, parentId: node.parent?.job.id ?? null, job: node }))),
    [edges],
  );
  const [from, setFrom] = useState<string | null>(null);
  const [words, setWords] = useState('');
  const [refused, setRefused] = useState<string>();
  const [fresh, setFresh] = useState<readonly string[]>([]);
  const area = useRef<HTMLTextAreaElement>(null);
  const { retry } = useRetry();
  const [act, busy] = useAction<ThreadPageMutation>(graphql`
    mutation ThreadPageMutation($input: ContinueGenerationInput!, $connections: [ID!]!) {
      continueGeneration(input: $input) {
        job @appendNode(connections: $connections, edgeTypeName: "GenerationJobEdge") {
          id
          parent {
            job {
              id
            }
          }
          ...JobCard_job
        }
        userErrors {
          code
          path
        }
      }
    }
  `);
  const goOn = (event: FormEvent) => {
    event.preventDefault();
    if (!words.trim() || busy) return;
    setRefused(undefined);
    act({
      input: { threadId: data.id, prompt: words, ...(from ? { fromImageId: from } : {}) },
      variables: { connections: [connection] },
      onDone: ({ continueGeneration: { job } }) => {
        if (!job) return;
        setFresh((now) => [job.id, ...now]);
        setWords('');
        setFrom(null);
      },
      onRefused: ([first]) =>
        setRefused(first?.code === 'QUOTA_EXCEEDED' ? text.cost.refused : codeText(text, first?.code ?? 'OTHER')),
    });
  };
  const toStudio = useCallback(
    (wish: Wish) => {
      keepWish(person, wish);
      void navigate(places.studio);
    },
    [navigate, person],
  );
  const work = useCallback(
    (imageId: string, deed: Work) => {
      if (deed !== 'EDIT') return toStudio(withPicture(keptWish(person), imageId, deed));
      setFrom(imageId);
      area.current?.focus();
    },
    [person, toStudio],
  );
  const drawn = (branches: readonly Branch<(typeof trees)[number]['turn']>[]): ReactNode => (
    <ul className={styles.branches}>
      {branches.map(({ turn, next }) => (
        <li key={turn.id} className={styles.branch}>
          <ul className={styles.turn}>
            <JobCard
              job={turn.job}
              fresh={fresh.includes(turn.id)}
              onAgain={toStudio}
              onRetry={(jobId) => retry(jobId, [connection], (id) => setFresh((now) => [id, ...now]))}
              onWork={work}
              deeds={deeds}
            />
          </ul>
          {next.length > 0 && drawn(next)}
        </li>
      ))}
    </ul>
  );
  return (
    <div className={styles.thread}>
      <div className={styles.tree}>{drawn(trees)}</div>
      {hasNext && (
        <Button look="quiet" busy={isLoadingNext} onClick={() => loadNext(MORE)}>
          {text.feed.loadMore}
        </Button>
      )}
      <form className={styles.form} onSubmit={goOn}>
        <textarea
          ref={area}
          className={styles.words}
          rows={1}
          dir="auto"
          value={words}
          maxLength={LONGEST_PROMPT}
          placeholder={text.studio.placeholders.EDIT}
          aria-label={text.studio.threadNext}
          onChange={({ target: { value } }) => setWords(value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) goOn(event);
          }}
        />
        <Button type="submit" busy={busy} disabled={!words.trim()}>
          {!busy && <Sparkles aria-hidden="true" />}
          {text.studio.act.EDIT}
        </Button>
        {refused && (
          <p className={styles.problem} role="alert">
            {refused}
          </p>
        )}
      </form>
    </div>
  );
}
