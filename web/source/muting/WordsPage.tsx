import { graphql, type PreloadedQuery, usePaginationFragment } from 'react-relay/hooks';
import { useLoaderData } from 'react-router';
import type { WordsPage_viewer$key } from '~/__generated__/WordsPage_viewer.graphql';
import type { WordsPageMoreQuery } from '~/__generated__/WordsPageMoreQuery.graphql';
import type { WordsPageQuery } from '~/__generated__/WordsPageQuery.graphql';
import { useText } from '~/i18n/language';
import { PeopleList } from '~/people/PeopleList';
import { preload, usePage } from '~/relay/usePage';
import { SignedOut } from '~/session/SignedOut';
import { Section } from '~/settings/Section';
import { Page } from '~/shell/Page';
import { usePages } from '~/timeline/usePages';
import { AddWord } from './AddWord';
import { WordRow } from './WordRow';

const QUERY = graphql`
  query WordsPageQuery {
    viewer {
      ...WordsPage_viewer
    }
  }
`;

export const loader = () => preload<WordsPageQuery>(QUERY, {});

/** The words one mutes, and one more. */
export function Component() {
  const text = useText();
  const { viewer } = usePage<WordsPageQuery>(QUERY, useLoaderData<PreloadedQuery<WordsPageQuery>>());
  return (
    <Page title={text.muting.words} back>
      {viewer ? <Words viewer={viewer} /> : <SignedOut title={text.muting.words} text={text.signing.signedOutText} />}
    </Page>
  );
}

function Words({ viewer }: { viewer: WordsPage_viewer$key }) {
  const text = useText().muting;
  const { data, ...pagination } = usePaginationFragment<WordsPageMoreQuery, WordsPage_viewer$key>(
    graphql`
      fragment WordsPage_viewer on Viewer
      @refetchable(queryName: "WordsPageMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 50 }, after: { type: "String" }) {
        mutedWords(first: $first, after: $after) @connection(key: "WordsPage_mutedWords") {
          __id
          edges {
            node {
              id
              ...WordRow_word
            }
          }
        }
      }
    `,
    viewer,
  );
  const connections = data.mutedWords ? [data.mutedWords.__id] : [];
  // A word that is muted again comes to the top: where it stood it is passed over.
  const edges = [
    ...new Map([...(data.mutedWords?.edges ?? [])].reverse().map((edge) => [edge.node?.id, edge])).values(),
  ];
  return (
    <>
      <Section title={text.add} text={text.wordsText}>
        <AddWord connections={connections} />
      </Section>
      <PeopleList
        label={text.words}
        edges={edges.reverse()}
        {...usePages(pagination)}
        none={text.noWords}
        row={(node) => <WordRow key={node.id} word={node} connections={connections} />}
      />
    </>
  );
}
