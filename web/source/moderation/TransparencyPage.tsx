import { graphql, type PreloadedQuery } from 'react-relay/hooks';
import { useLoaderData } from 'react-router';
import type { TransparencyPageQuery } from '~/__generated__/TransparencyPageQuery.graphql';
import styles from '~/desk/Desk.module.css';
import { useFormat } from '~/i18n/format';
import { preload, usePage } from '~/relay/usePage';
import { moderationWords } from '~/report/words';
import { Page } from '~/shell/Page';

const QUERY = graphql`
  query TransparencyPageQuery {
    transparency(count: 12) {
      month
      reportCount
      appealCount
      grantedAppealCount
      reports {
        name
        count
      }
      actions {
        name
        count
      }
    }
  }
`;

export const loader = async () => {
  await moderationWords.learn();
  return preload<TransparencyPageQuery>(QUERY, {});
};

/** What moderation had to do, month by month; open to all. */
export function Component() {
  const words = moderationWords.useText();
  const format = useFormat();
  const { transparency } = usePage<TransparencyPageQuery>(
    QUERY,
    useLoaderData<PreloadedQuery<TransparencyPageQuery>>(),
  );
  const busy = transparency.filter(
    (one, place) => place === 0 || one.reportCount + one.appealCount + one.actions.length > 0,
  );
  return (
    <Page title={words.figures} back>
      <section className={styles.part}>
        <p className={styles.soft}>{words.figuresText}</p>
      </section>
      {busy.map((one) => {
        const name = format.month(noon(one.month));
        return (
          <section key={one.month} className={styles.part} aria-label={name}>
            <h2>{name}</h2>
            {one.reportCount + one.appealCount + one.actions.length === 0 ? (
              <p className={styles.note}>{words.noFigures}</p>
            ) : (
              <>
                <p>
                  {words.figuresReports(one.reportCount)} ·{' '}
                  {words.figuresAppeals(one.appealCount, one.grantedAppealCount)}
                </p>
                <Figures title={words.figuresReasons} counts={one.reports} names={words.reasons} />
                <Figures title={words.figuresActions} counts={one.actions} names={words.done} />
              </>
            )}
          </section>
        );
      })}
    </Page>
  );
}

const DAY_MILLISECONDS = 86_400_000;

/** A moment within the month wherever the reader is. */
const noon = (month: string) => new Date(new Date(month).getTime() + DAY_MILLISECONDS).toISOString();

type Counts = readonly { readonly name: string; readonly count: number }[];

function Figures({ title, counts, names }: { title: string; counts: Counts; names: Record<string, string> }) {
  const format = useFormat();
  if (!counts.length) return null;
  return (
    <>
      <h3 className={styles.strong}>{title}</h3>
      <ul className={styles.figures}>
        {counts.map(({ name, count }) => (
          <li key={name} className={styles.figure}>
            <span>{names[name] ?? name}</span>
            <span>{format.number(count)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
