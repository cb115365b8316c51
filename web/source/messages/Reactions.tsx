import { SmilePlus } from 'lucide-react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { Reactions_message$key } from '~/__generated__/Reactions_message.graphql';
import type { ReactionsMutation } from '~/__generated__/ReactionsMutation.graphql';
import { IconButton } from '~/design/IconButton';
import { Menu, MenuItem } from '~/design/Menu';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import styles from './Message.module.css';

const OFFERED = ['❤️', '👍', '😂', '😮', '😢', '🎨'];

/** What people put on a message; one emoji each. */
export function Reactions({ message: key, mayReact }: { message: Reactions_message$key; mayReact: boolean }) {
  const text = useText().letters;
  const message = useFragment(
    graphql`
      fragment Reactions_message on DirectMessage {
        id
        version
        reactions {
          emoji
          count
          viewerHasReacted
        }
      }
    `,
    key,
  );
  const [react] = useAction<ReactionsMutation>(graphql`
    mutation ReactionsMutation($input: ReactToMessageInput!) {
      reactToMessage(input: $input) {
        message {
          id
          ...Reactions_message
        }
        userErrors {
          code
        }
      }
    }
  `);
  const put = (emoji: string | null) => react({ input: { messageId: message.id, emoji } });
  return (
    <span className={styles.reactions}>
      {message.reactions.map(({ emoji, count, viewerHasReacted }) => (
        <button
          key={emoji}
          type="button"
          className={styles.reaction}
          aria-pressed={viewerHasReacted}
          aria-label={text.reaction(emoji, count)}
          disabled={!mayReact}
          onClick={() => put(viewerHasReacted ? null : emoji)}
        >
          {count > 1 ? `${emoji} ${count}` : emoji}
        </button>
      ))}
      {mayReact && (
        <span className={styles.tools}>
          <Menu label={text.react} trigger={<IconButton label={text.react} icon={<SmilePlus />} />}>
            {OFFERED.map((emoji) => (
              <MenuItem key={emoji} onSelect={() => put(emoji)}>
                <span role="img" aria-label={text.reactWith(emoji)}>
                  {emoji}
                </span>
              </MenuItem>
            ))}
          </Menu>
        </span>
      )}
    </span>
  );
}
