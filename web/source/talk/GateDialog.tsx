import { graphql, useFragment } from 'react-relay/hooks';
import type { GateDialog_post$key } from '~/__generated__/GateDialog_post.graphql';
import type { GateDialogQuoteMutation } from '~/__generated__/GateDialogQuoteMutation.graphql';
import type { GateDialogReplyMutation } from '~/__generated__/GateDialogReplyMutation.graphql';
import { Dialog } from '~/design/Dialog';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import styles from './GateDialog.module.css';
import { QUOTE_POLICIES, type QuotePolicy, REPLY_POLICIES, type ReplyPolicy } from './policy';

/** Who may answer and quote a post of one's own, chosen anew; each choice holds at once. */
export default function GateDialog({ post: key, onClose }: { post: GateDialog_post$key; onClose: () => void }) {
  const text = useText().talk;
  const { id, version, replyPolicy, quotePolicy, replyTo } = useFragment(
    graphql`
      fragment GateDialog_post on Post {
        id
        version
        replyPolicy
        quotePolicy
        replyTo {
          __typename
        }
      }
    `,
    key,
  );
  const [setReply] = useAction<GateDialogReplyMutation>(graphql`
    mutation GateDialogReplyMutation($input: SetReplyPolicyInput!) {
      setReplyPolicy(input: $input) {
        post {
          id
          version
          replyPolicy
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [setQuote] = useAction<GateDialogQuoteMutation>(graphql`
    mutation GateDialogQuoteMutation($input: SetQuotePolicyInput!) {
      setQuotePolicy(input: $input) {
        post {
          id
          version
          quotePolicy
        }
        userErrors {
          code
        }
      }
    }
  `);
  const chooseReply = (one: ReplyPolicy) =>
    setReply({
      input: { postId: id, replyPolicy: one },
      optimisticResponse: { setReplyPolicy: { post: { id, version, replyPolicy: one }, userErrors: [] } },
    });
  const chooseQuote = (one: QuotePolicy) =>
    setQuote({
      input: { postId: id, quotePolicy: one },
      optimisticResponse: { setQuotePolicy: { post: { id, version, quotePolicy: one }, userErrors: [] } },
    });
  return (
    <Dialog open onOpenChange={onClose} title={text.gates}>
      {!replyTo && (
        <Choice
          name={`reply ${id}`}
          label={text.reply}
          value={replyPolicy}
          options={REPLY_POLICIES}
          words={text.replyPolicy}
          onChange={chooseReply}
        />
      )}
      <Choice
        name={`quote ${id}`}
        label={text.quote}
        value={quotePolicy}
        options={QUOTE_POLICIES}
        words={text.quotePolicy}
        onChange={chooseQuote}
      />
    </Dialog>
  );
}

type ChoiceProps<P extends string> = {
  name: string;
  label: string;
  value: string;
  options: readonly P[];
  words: Record<P, string>;
  onChange: (one: P) => void;
};

function Choice<P extends string>({ name, label, value, options, words, onChange }: ChoiceProps<P>) {
  return (
    <fieldset className={styles.choice}>
      <legend>{label}</legend>
      {options.map((one) => (
        <label key={one}>
          <input type="radio" name={name} checked={one === value} onChange={() => onChange(one)} />
          {words[one]}
        </label>
      ))}
    </fieldset>
  );
}
