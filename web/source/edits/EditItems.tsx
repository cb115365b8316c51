import { Eye, Pencil } from 'lucide-react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { MenuItem } from '~/design/Menu';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { useViewer } from '~/session/viewer';
import { beginEdit } from './begin';

/** What one can change in a post of one's own, in its menu. */
export function EditItems({ postId, onAudience }: { postId: string; onAudience: () => void }) {
  const text = useText().edits;
  const environment = useRelayEnvironment();
  const viewer = useViewer();
  const edit = () =>
    void beginEdit(environment, viewer?.id ?? '', postId).catch(() => toast(text.notLoaded, { urgent: true }));
  return (
    <>
      <MenuItem icon={<Pencil />} onSelect={edit}>
        {text.edit}
      </MenuItem>
      <MenuItem icon={<Eye />} onSelect={onAudience}>
        {text.audience}
      </MenuItem>
    </>
  );
}
