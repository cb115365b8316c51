import { useMemo } from 'react';
import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import type { PreviewQuery } from '~/__generated__/PreviewQuery.graphql';
import { Reasons } from '~/picked/reasons';
import { Empty } from '~/shell/Empty';
import { Feed } from '~/timeline/Feed';
import styles from './Build.module.css';
import { type Draft, rulesOf } from './draft';
import { useReasons } from './FeedPosts';
import { feedWords } from './words';

/** The first posts of a feed that is not kept yet, or what is wrong with it. */
export function Preview({ draft }: { draft: Draft }) {
  const text = feedWords.useText();
  const rules = useMemo(() => rulesOf(draft), [draft]);
  const reasons = useReasons(draft);
  const { viewer } = useLazyLoadQuery<PreviewQuery>(
    graphql`
      query PreviewQuery($rules: FeedRulesInput!) {
        viewer {
          feedPreview(rules: $rules) {
            problem {
              message
              path
            }
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
    { rules },
    { fetchPolicy: 'network-only' },
  );
  const preview = viewer?.feedPreview;
  if (!preview) return null;
  if (preview.problem) {
    return (
      <p className={styles.wrong} role="alert">
        {preview.problem.message}
      </p>
    );
  }
  return (
    <Reasons value={reasons}>
      <Feed
        label={text.build.preview}
        edges={preview.edges}
        hasNext={false}
        isLoading={false}
        failed={false}
        load={() => {}}
        empty={<Empty title={text.build.previewEmpty} text={text.build.previewEmptyText} />}
      />
    </Reasons>
  );
}
