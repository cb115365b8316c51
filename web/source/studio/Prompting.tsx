import { History as HistoryIcon, SwatchBook, WandSparkles } from 'lucide-react';
import { Suspense, useEffect, useState } from 'react';
import { fetchQuery, graphql, useRelayEnvironment } from 'react-relay/hooks';
import type { PromptingMutation } from '~/__generated__/PromptingMutation.graphql';
import type { PromptingQuery } from '~/__generated__/PromptingQuery.graphql';
import { IconButton } from '~/design/IconButton';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { later } from '~/routing/later';
import styles from './Prompting.module.css';
import type { Wish } from './wish';

const PromptHistory = later(() => import('./PromptHistory'));
const Presets = later(() => import('./Presets'));

const SETTLE_MILLISECONDS = 250; // while somebody types nothing is asked for
const MOST_SHOWN = 4;
const LONGEST_BEGUN = 60; // who has written more needs no ideas

/** Help with the words: ideas that go with what was begun, more words for it, and the words of before. */
export function Prompting({ wish, onWish }: { wish: Wish; onWish: (change: (now: Wish) => Wish) => void }) {
  const { prompt } = wish;
  const onPrompt = (words: string) => onWish((now) => ({ ...now, prompt: words }));
  const text = useText();
  const environment = useRelayEnvironment();
  const [ideas, setIdeas] = useState<readonly string[]>([]);
  const [past, setPast] = useState(false);
  const [presets, setPresets] = useState(false);
  const begun = prompt.trim();
  useEffect(() => {
    if (begun.length > LONGEST_BEGUN) return setIdeas([]);
    let asked: { unsubscribe: () => void } | undefined;
    const timer = setTimeout(() => {
      asked = fetchQuery<PromptingQuery>(
        environment,
        graphql`
          query PromptingQuery($begun: String!) {
            viewer {
              promptSuggestions(begun: $begun)
            }
          }
        `,
        { begun },
      ).subscribe({
        next: ({ viewer }) =>
          setIdeas((viewer?.promptSuggestions ?? []).filter((idea) => idea !== begun).slice(0, MOST_SHOWN)),
        error: () => setIdeas([]), // without ideas one writes one's own
      });
    }, SETTLE_MILLISECONDS);
    return () => {
      clearTimeout(timer);
      asked?.unsubscribe();
    };
  }, [environment, begun]);
  const [act, busy] = useAction<PromptingMutation>(graphql`
    mutation PromptingMutation($input: EnhancePromptInput!) {
      enhancePrompt(input: $input) {
        enhancement {
          prompt
          additions {
            text
          }
        }
        userErrors {
          code
          path
        }
      }
    }
  `);
  const sayMore = () =>
    act({
      input: { prompt: begun },
      onDone: ({ enhancePrompt: { enhancement } }) => {
        if (!enhancement?.additions.length) return toast(text.studio.saysAll);
        onPrompt(enhancement.prompt);
        toast(text.studio.saidMore(enhancement.additions.map((one) => one.text).join(', ')), {
          action: { label: text.studio.undo, run: () => onPrompt(prompt) },
        });
      },
    });
  return (
    <div className={styles.prompting}>
      <ul className={styles.ideas} aria-label={text.studio.ideas}>
        {ideas.map((idea) => (
          <li key={idea}>
            <button type="button" className={styles.idea} onClick={() => onPrompt(idea)} title={idea}>
              {idea}
            </button>
          </li>
        ))}
      </ul>
      <span className={styles.tools}>
        <IconButton label={text.studio.sayMore} icon={<WandSparkles />} disabled={!begun || busy} onClick={sayMore} />
        <IconButton label={text.studio.past} icon={<HistoryIcon />} onClick={() => setPast(true)} />
        <IconButton label={text.studio.presets} icon={<SwatchBook />} onClick={() => setPresets(true)} />
      </span>
      {presets && (
        <Suspense fallback={null}>
          <Presets
            wish={wish}
            onClose={() => setPresets(false)}
            onWish={(next) => {
              setPresets(false);
              onWish(() => next);
            }}
          />
        </Suspense>
      )}
      {past && (
        <Suspense fallback={null}>
          <PromptHistory
            onClose={() => setPast(false)}
            onPick={(words) => {
              setPast(false);
              onPrompt(words);
            }}
          />
        </Suspense>
      )}
    </div>
  );
}
