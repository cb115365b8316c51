import { graphql, useFragment } from 'react-relay/hooks';
import type { WordRow_word$key } from '~/__generated__/WordRow_word.graphql';
import type { WordRowRemoveMutation } from '~/__generated__/WordRowRemoveMutation.graphql';
import { Button } from '~/design/Button';
import { useFormat } from '~/i18n/format';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import styles from './Muting.module.css';

/** A word that is muted: where, how, until when; and the end of it. */
export function WordRow({ word: key, connections }: { word: WordRow_word$key; connections: readonly string[] }) {
  const text = useText().muting;
  const format = useFormat();
  const word = useFragment(
    graphql`
      fragment WordRow_word on MutedWord {
        id
        text
        scope
        action
        wholeWord
        expiresAt
      }
    `,
    key,
  );
  const [remove] = useAction<WordRowRemoveMutation>(graphql`
    mutation WordRowRemoveMutation($input: UnmuteWordInput!, $connections: [ID!]!) {
      unmuteWord(input: $input) {
        unmutedWordId @deleteEdge(connections: $connections)
        userErrors {
          code
        }
      }
    }
  `);
  const { id, scope, action, wholeWord, expiresAt } = word;
  const how = [
    text.scopes[scope as keyof typeof text.scopes],
    text.actions[action as keyof typeof text.actions],
    !wholeWord && text.partly,
    expiresAt && text.until(format.moment(expiresAt)),
  ];
  return (
    <li className={styles.word}>
      <div className={styles.words}>
        <p className={styles.said} dir="auto">
          {word.text}
        </p>
        <p className={styles.how}>{how.filter(Boolean).join(' · ')}</p>
      </div>
      <Button
        small
        look="quiet"
        aria-label={text.removeOf(word.text)}
        onClick={() =>
          remove({
            input: { wordId: id },
            variables: { connections },
            optimisticResponse: { unmuteWord: { unmutedWordId: id, userErrors: [] } },
          })
        }
      >
        {text.remove}
      </Button>
    </li>
  );
}
