import { useEffect, useId, useState } from 'react';
import { fetchQuery, graphql, useFragment, useRelayEnvironment } from 'react-relay/hooks';
import type { OldPosts_viewer$key } from '~/__generated__/OldPosts_viewer.graphql';
import type { OldPostsMutation } from '~/__generated__/OldPostsMutation.graphql';
import type { OldPostsProgressQuery } from '~/__generated__/OldPostsProgressQuery.graphql';
import { VISIBILITIES, type Visibility } from '~/compose/draft';
import { Button } from '~/design/Button';
import Confirm from '~/design/Confirm';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import styles from './OldPosts.module.css';
import { Section } from './Section';

const LOOK_MS = 2_000;
const DAY_MS = 86_400_000;
const NARROWER = VISIBILITIES.filter((one) => one !== 'PUBLIC');

type Progress =
  | { readonly total: number; readonly done: number; readonly finishedAt?: string | null }
  | null
  | undefined;

/** Makes all of one's posts older than a day for fewer people, and shows how far that is. */
export function OldPosts({ viewer }: { viewer: OldPosts_viewer$key }) {
  const text = useText();
  const words = text.edits;
  const id = useId();
  const { postNarrowing } = useFragment(
    graphql`
      fragment OldPosts_viewer on Viewer {
        postNarrowing {
          total
          done
          finishedAt
        }
      }
    `,
    viewer,
  );
  const environment = useRelayEnvironment();
  const [progress, setProgress] = useState<Progress>(postNarrowing?.finishedAt ? null : postNarrowing);
  const [before, setBefore] = useState(() => new Date(Date.now() - 30 * DAY_MS).toISOString().slice(0, 10));
  const [to, setTo] = useState<Visibility>('FOLLOWERS');
  const [asking, setAsking] = useState(false);
  const [act, busy] = useAction<OldPostsMutation>(graphql`
    mutation OldPostsMutation($input: NarrowOldPostsInput!) {
      narrowOldPosts(input: $input) {
        narrowing {
          total
          done
          finishedAt
        }
        userErrors {
          code
          path
        }
      }
    }
  `);
  const working = Boolean(progress && !progress.finishedAt);
  useEffect(() => {
    if (!working) return;
    const timer = setInterval(() => {
      void fetchQuery<OldPostsProgressQuery>(
        environment,
        graphql`
          query OldPostsProgressQuery {
            viewer {
              postNarrowing {
                total
                done
                finishedAt
              }
            }
          }
        `,
        {},
        { fetchPolicy: 'network-only' },
      ).subscribe({ next: (data) => setProgress(data.viewer?.postNarrowing), error: () => undefined });
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [environment, working]);
  const moment = new Date(before);
  const ask = () =>
    act({
      input: { before: moment.toISOString(), visibility: to },
      onDone: ({ narrowOldPosts }) => {
        setAsking(false);
        setProgress(narrowOldPosts.narrowing);
      },
    });
  return (
    <Section title={words.old} text={words.oldText}>
      <div className={styles.choices}>
        <label htmlFor={`${id}-before`}>{words.oldBefore}</label>
        <input
          id={`${id}-before`}
          type="date"
          value={before}
          max={new Date().toISOString().slice(0, 10)}
          onChange={({ target }) => setBefore(target.value)}
        />
        <label htmlFor={`${id}-to`}>{words.oldTo}</label>
        <select
          id={`${id}-to`}
          value={to}
          onChange={({ target }) => setTo(NARROWER.find((one) => one === target.value) ?? 'FOLLOWERS')}
        >
          {NARROWER.map((one) => (
            <option key={one} value={one}>
              {text.compose.audienceHint[one]}
            </option>
          ))}
        </select>
      </div>
      <p className={styles.state} role="status">
        {progress &&
          (progress.finishedAt ? words.oldDone(progress.done) : words.oldWorking(progress.done, progress.total))}
      </p>
      <Button look="quiet" disabled={working || Number.isNaN(moment.getTime())} onClick={() => setAsking(true)}>
        {words.oldAct}
      </Button>
      {asking && (
        <Confirm
          open
          onOpenChange={setAsking}
          title={words.oldAsk}
          text={words.oldAskText}
          action={words.oldAct}
          busy={busy}
          onConfirm={ask}
        />
      )}
    </Section>
  );
}
