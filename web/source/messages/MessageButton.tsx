import { Mail } from 'lucide-react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { MessageButton_user$key } from '~/__generated__/MessageButton_user.graphql';
import { IconButton } from '~/design/IconButton';
import { useText } from '~/i18n/language';
import { useOpenChat } from './useOpenChat';

/** Leads from somebody's page to the chat with them; not there where they take no messages from the viewer. */
export function MessageButton({ user: key }: { user: MessageButton_user$key }) {
  const text = useText().letters;
  const [open, busy] = useOpenChat();
  const user = useFragment(
    graphql`
      fragment MessageButton_user on User {
        id
        handle
        viewerCanMessage
      }
    `,
    key,
  );
  if (!user.viewerCanMessage) return null;
  return <IconButton label={text.message(user.handle)} icon={<Mail />} disabled={busy} onClick={() => open(user.id)} />;
}
