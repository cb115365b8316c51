import { Check } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { PostPoll_post$key } from '~/__generated__/PostPoll_post.graphql';
import type { PostPollVoteMutation } from '~/__generated__/PostPollVoteMutation.graphql';
import { Button } from '~/design/Button';
import { toast } from '~/design/Toast';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { codeText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { useViewer } from '~/session/viewer';
import { shares, voted } from './count';
import styles from './PostPoll.module.css';

/** What a post asks: the answers to choose from, or how many chose each. */
export function PostPoll({ post: key }: { post: PostPoll_post$key }) {
  const text = useText();
  const viewer = useViewer();
  const box = useRef<HTMLDivElement>(null);
  const { id, version, poll } = useFragment(
    graphql`
      fragment PostPoll_post on Post {
        id
        version
        poll {
          id
          multiple
          hidesResults
          endsAt
          hasEnded
          voterCount
          viewerChoices
          viewerCanVote
          options {
            index
            text
            voteCount
          }
        }
      }
    `,
    key,
  );
  const [vote, busy] = useAction<PostPollVoteMutation>(graphql`
    mutation PostPollVoteMutation($input: VotePollInput!) @raw_response_type {
      votePoll(input: $input) {
        post {
          id
          version
          ...PostPoll_post
        }
        userErrors {
          code
          path
        }
      }
    }
  `);
  if (!poll) return null;
  const send = (choices: readonly number[]) => {
    box.current?.focus(); // what was pressed is about to go
    vote({
      input: { pollId: poll.id, choices },
      optimisticResponse: {
        votePoll: { post: { id, version, poll: voted(poll, choices) }, userErrors: [] },
      } as never,
      onRefused: ([refusal]) => {
        const gone = refusal?.code === 'CONFLICT' || refusal?.code === 'NOT_FOUND';
        toast(gone ? text.polls.gone : codeText(text, refusal?.code ?? 'OTHER'), { urgent: true });
      },
    });
  };
  const asks = poll.viewerCanVote || (!viewer && !poll.hasEnded && poll.hidesResults);
  return (
    <div ref={box} tabIndex={-1} className={styles.poll}>
      {asks ? <Choices key={poll.id} poll={poll} busy={busy} onVote={send} /> : <Results poll={poll} />}
      <Foot poll={poll} />
    </div>
  );
}

type Poll = {
  readonly multiple: boolean;
  readonly hidesResults: boolean;
  readonly endsAt: string;
  readonly hasEnded: boolean;
  readonly voterCount: number;
  readonly viewerChoices: readonly number[];
  readonly options: readonly {
    readonly index: number;
    readonly text: string;
    readonly voteCount: number | null | undefined;
  }[];
};

function Choices({ poll, busy, onVote }: { poll: Poll; busy: boolean; onVote: (choices: readonly number[]) => void }) {
  const text = useText().polls;
  const name = useId();
  const [chosen, setChosen] = useState<readonly number[]>([]);
  const toggle = (index: number, on: boolean) =>
    setChosen(poll.multiple ? [...chosen.filter((one) => one !== index), ...(on ? [index] : [])] : [index]);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen.length) onVote([...chosen].sort());
      }}
    >
      <fieldset className={styles.choices}>
        <legend className="visually-hidden">{text.title}</legend>
        {poll.options.map(({ index, text: words }) => (
          <label key={index} className={styles.choice}>
            <input
              type={poll.multiple ? 'checkbox' : 'radio'}
              name={name}
              checked={chosen.includes(index)}
              onChange={({ target }) => toggle(index, target.checked)}
            />
            <bdi>{words}</bdi>
          </label>
        ))}
      </fieldset>
      <Button type="submit" small look="quiet" busy={busy} disabled={!chosen.length}>
        {text.vote}
      </Button>
    </form>
  );
}

function Results({ poll }: { poll: Poll }) {
  const text = useText().polls;
  const percents = shares(poll.options.map(({ voteCount }) => voteCount ?? 0));
  const most = Math.max(...poll.options.map(({ voteCount }) => voteCount ?? 0));
  return (
    <ul className={styles.results} aria-label={text.title}>
      {poll.options.map(({ index, text: words, voteCount }) => {
        const known = typeof voteCount === 'number';
        const percent = percents[index] ?? 0;
        return (
          <li key={index} className={known && most > 0 && voteCount === most ? styles.first : undefined}>
            {known && <span className={styles.bar} style={{ inlineSize: `${percent}%` }} />}
            <bdi className={styles.words}>{words}</bdi>
            {poll.viewerChoices.includes(index) && <Check size={16} aria-label={text.chosen} />}
            {known && (
              <span className={styles.percent}>
                <span aria-hidden="true">{text.percent(percent)}</span>
                <span className="visually-hidden">{text.share(percent, voteCount)}</span>
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function Foot({ poll }: { poll: Poll }) {
  const text = useText().polls;
  const format = useFormat();
  const hidden = poll.options.some(({ voteCount }) => typeof voteCount !== 'number');
  return (
    <p className={styles.foot}>
      <span>{text.voters(poll.voterCount)}</span>
      <span>{poll.hasEnded ? text.over : text.until(format.moment(poll.endsAt))}</span>
      {hidden && <span className={styles.hint}>{text.hidden}</span>}
    </p>
  );
}
