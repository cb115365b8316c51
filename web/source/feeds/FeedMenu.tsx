import { MoreHorizontal, Pencil, Trash2 } from 'lucide-react';
import { Suspense, useState } from 'react';
import { graphql } from 'react-relay/hooks';
import { useNavigate } from 'react-router';
import type { FeedMenuDeleteMutation } from '~/__generated__/FeedMenuDeleteMutation.graphql';
import { IconButton } from '~/design/IconButton';
import { Menu, MenuItem, MenuLine } from '~/design/Menu';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { later } from '~/routing/later';
import { places } from '~/routing/places';
import { feedWords } from './words';

const Confirm = later(() => import('~/design/Confirm'));

/** What the owner of a feed can do with it. */
export function FeedMenu({ id }: { id: string }) {
  const common = useText().common;
  const text = feedWords.useText();
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState(false);
  const [remove, removing] = useAction<FeedMenuDeleteMutation>(graphql`
    mutation FeedMenuDeleteMutation($input: DeleteFeedInput!) {
      deleteFeed(input: $input) {
        deletedFeedId @deleteRecord
        userErrors {
          code
        }
      }
    }
  `);
  return (
    <>
      <Menu label={common.more} trigger={<IconButton label={common.more} icon={<MoreHorizontal />} />}>
        <MenuItem icon={<Pencil />} onSelect={() => void navigate(places.editFeed(id))}>
          {text.edit}
        </MenuItem>
        <MenuLine />
        <MenuItem icon={<Trash2 />} danger onSelect={() => setDeleting(true)}>
          {text.delete}
        </MenuItem>
      </Menu>
      <Suspense>
        {deleting && (
          <Confirm
            open
            onOpenChange={setDeleting}
            title={text.deleteTitle}
            text={text.deleteText}
            action={text.delete}
            busy={removing}
            onConfirm={() =>
              remove({
                input: { feedId: id },
                onDone: () => {
                  toast(text.deleted);
                  void navigate(places.feeds);
                },
              })
            }
          />
        )}
      </Suspense>
    </>
  );
}
