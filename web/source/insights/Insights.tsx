import { Suspense } from 'react';
import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import type { InsightsQuery } from '~/__generated__/InsightsQuery.graphql';
import { Dialog } from '~/design/Dialog';
import { Spinner } from '~/design/Spinner';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { PATIENT } from '~/relay/network';
import styles from './Insights.module.css';

const FIGURES = ['views', 'likes', 'reposts', 'quotes', 'replies', 'remixes', 'bookmarks'] as const;

type Props = { postId: string; open: boolean; onOpenChange: (open: boolean) => void };

/** What a post of one's own has come to. */
export default function Insights({ postId, open, onOpenChange }: Props) {
  const text = useText();
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={text.insights.title} description={text.insights.text}>
      <Suspense fallback={<Spinner label={text.common.loading} />}>
        <Figures postId={postId} />
      </Suspense>
    </Dialog>
  );
}

function Figures({ postId }: { postId: string }) {
  const text = useText().insights;
  const format = useFormat();
  const { node } = useLazyLoadQuery<InsightsQuery>(
    graphql`
      query InsightsQuery($postId: ID!) {
        node(id: $postId) {
          ... on Post {
            insights {
              views
              likes
              reposts
              quotes
              replies
              remixes
              bookmarks
              days {
                startsAt
                views
              }
            }
          }
        }
      }
    `,
    { postId },
    { fetchPolicy: 'network-only', networkCacheConfig: PATIENT },
  );
  const insights = node?.insights;
  if (!insights) return null;
  const most = Math.max(1, ...insights.days.map(({ views }) => views));
  return (
    <div className={styles.insights}>
      <dl className={styles.figures}>
        {FIGURES.map((name) => (
          <div key={name}>
            <dt>{text[name]}</dt>
            <dd>{format.number(insights[name])}</dd>
          </div>
        ))}
      </dl>
      <h3>{text.perDay}</h3>
      <ol className={styles.days}>
        {insights.days.map(({ startsAt, views }) => (
          <li key={startsAt} title={text.day(format.day(startsAt), views)}>
            <span className="visually-hidden">{text.day(format.day(startsAt), views)}</span>
            <span className={styles.bar} style={{ blockSize: `${(100 * views) / most}%` }} aria-hidden="true" />
          </li>
        ))}
      </ol>
    </div>
  );
}
