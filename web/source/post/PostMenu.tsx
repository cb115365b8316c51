import { Link2, MessageCircle, MessageCircleOff, MoreHorizontal, Quote, Shuffle, Trash2 } from 'lucide-react';
import { Suspense, useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { PostMenu_post$key } from '~/__generated__/PostMenu_post.graphql';
import type { PostMenuDeleteMutation } from '~/__generated__/PostMenuDeleteMutation.graphql';
import { compose } from '~/compose/open';
import { IconButton } from '~/design/IconButton';
import { Menu, MenuItem, MenuLine } from '~/design/Menu';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { useConversationMute } from '~/muting/useConversationMute';
import { useAction } from '~/relay/useAction';
import { later } from '~/routing/later';
import { places } from '~/routing/places';
import { useViewer } from '~/session/viewer';

const Confirm = later(() => import('~/design/Confirm'));
const PostSharing = later(() => import('~/remix/PostSharing'));

/** The rest of what one can do with a post. */
export function PostMenu({ post: key }: { post: PostMenu_post$key }) {
  const text = useText();
  const viewer = useViewer();
  const [asking, setAsking] = useState(false);
  const [sharing, setSharing] = useState(false);
  const post = useFragment(
    graphql`
      fragment PostMenu_post on Post {
        id
        viewerCanQuote
        viewerHasMutedConversation
        author {
          id
        }
      }
    `,
    key,
  );
  const [remove, busy] = useAction<PostMenuDeleteMutation>(graphql`
    mutation PostMenuDeleteMutation($input: DeletePostInput!) {
      deletePost(input: $input) {
        deletedPostId @deleteRecord
        userErrors {
          code
        }
      }
    }
  `);
  const turn = useConversationMute(post.id, post.viewerHasMutedConversation);
  const copy = async () => {
    await navigator.clipboard.writeText(location.origin + places.post(post.id));
    toast(text.post.copied);
  };
  return (
    <>
      <Menu label={text.common.more} trigger={<IconButton label={text.common.more} icon={<MoreHorizontal />} />}>
        {post.viewerCanQuote && (
          <MenuItem icon={<Quote />} onSelect={() => compose({ quotedPostId: post.id })}>
            {text.compose.titleQuote}
          </MenuItem>
        )}
        <MenuItem icon={<Link2 />} onSelect={() => void copy()}>
          {text.post.copyLink}
        </MenuItem>
        {viewer && (
          <MenuItem icon={post.viewerHasMutedConversation ? <MessageCircle /> : <MessageCircleOff />} onSelect={turn}>
            {post.viewerHasMutedConversation ? text.muting.unmuteConversation : text.muting.muteConversation}
          </MenuItem>
        )}
        {viewer?.id === post.author.id && (
          <>
            <MenuLine />
            <MenuItem icon={<Shuffle />} onSelect={() => setSharing(true)}>
              {text.remix.settle}
            </MenuItem>
            <MenuItem icon={<Trash2 />} danger onSelect={() => setAsking(true)}>
              {text.post.delete}
            </MenuItem>
          </>
        )}
      </Menu>
      <Suspense>{sharing && <PostSharing postId={post.id} onClose={() => setSharing(false)} />}</Suspense>
      <Suspense>
        {asking && (
          <Confirm
            open={asking}
            onOpenChange={setAsking}
            title={text.post.deleteTitle}
            text={text.post.deleteText}
            action={text.post.delete}
            busy={busy}
            onConfirm={() =>
              remove({
                input: { postId: post.id },
                onDone: () => {
                  setAsking(false);
                  toast(text.post.deleted);
                },
              })
            }
          />
        )}
      </Suspense>
    </>
  );
}
