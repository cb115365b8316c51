import { Suspense, useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { EditButton_user$data, EditButton_user$key } from '~/__generated__/EditButton_user.graphql';
import { Button } from '~/design/Button';
import { useText } from '~/i18n/language';
import { later } from '~/routing/later';
import { useViewer } from '~/session/viewer';

const EditProfile = later(() => import('./EditProfile'));

/** What can be changed of a profile, as it is. */
export type Editable = EditButton_user$data;

/** Opens the form for one's own profile; not there on others'. */
export function EditButton({ user: key }: { user: EditButton_user$key }) {
  const text = useText();
  const viewer = useViewer();
  const [open, setOpen] = useState<boolean | null>(null);
  const user = useFragment(
    graphql`
      fragment EditButton_user on User {
        id
        handle
        displayName
        bio
        location
        website
        pronouns
        avatar {
          id
          url(size: SMALL)
        }
        banner {
          id
          url(size: LARGE)
        }
      }
    `,
    key,
  );
  if (viewer?.id !== user.id) return null;
  return (
    <>
      <Button look="quiet" small onClick={() => setOpen(true)}>
        {text.profile.edit}
      </Button>
      <Suspense>{open !== null && <EditProfile user={user} open={open} onOpenChange={setOpen} />}</Suspense>
    </>
  );
}
