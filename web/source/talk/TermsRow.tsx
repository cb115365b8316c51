import { ChevronDown, EyeOff, MessageCircle, Quote } from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '~/i18n/language';
import { QUOTE_POLICIES, REPLY_POLICIES, type Terms } from './policy';
import styles from './TermsRow.module.css';

type Props = {
  terms: Terms;
  onChange: (terms: Terms) => void;
  /** Whether it begins a conversation: an answer has the policy of its own. */
  begins: boolean;
  pictured: boolean;
};

/** Who may talk to a post to be, and whether its pictures are covered: the browser's own lists, which every screen reader knows. */
export function TermsRow({ terms, onChange, begins, pictured }: Props) {
  const text = useText().talk;
  return (
    <div className={styles.terms}>
      {begins && (
        <Choice
          icon={<MessageCircle aria-hidden="true" />}
          label={text.reply}
          value={terms.reply}
          options={REPLY_POLICIES}
          words={text.replyPolicy}
          onChange={(reply) => onChange({ ...terms, reply })}
        />
      )}
      <Choice
        icon={<Quote aria-hidden="true" />}
        label={text.quote}
        value={terms.quote}
        options={QUOTE_POLICIES}
        words={text.quotePolicy}
        onChange={(quote) => onChange({ ...terms, quote })}
      />
      {pictured && (
        <label className={styles.check}>
          <input
            type="checkbox"
            checked={terms.sensitive}
            onChange={({ target }) => onChange({ ...terms, sensitive: target.checked })}
          />
          <EyeOff aria-hidden="true" />
          {text.sensitive}
        </label>
      )}
    </div>
  );
}

type ChoiceProps<P extends string> = {
  icon: ReactNode;
  label: string;
  value: P;
  options: readonly P[];
  words: Record<P, string>;
  onChange: (one: P) => void;
};

function Choice<P extends string>({ icon, label, value, options, words, onChange }: ChoiceProps<P>) {
  return (
    <span className={styles.choice}>
      {icon}
      <select
        aria-label={label}
        value={value}
        onChange={({ target }) => onChange(options.find((one) => one === target.value) ?? value)}
      >
        {options.map((one) => (
          <option key={one} value={one}>
            {words[one]}
          </option>
        ))}
      </select>
      <ChevronDown aria-hidden="true" className={styles.down} />
    </span>
  );
}
