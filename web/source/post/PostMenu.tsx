import {
  ChartNoAxesColumn,
  Flag,
  Images,
  LayoutDashboard,
  Link2,
  Mail,
  MessageCircle,
  MessageCircleOff,
  MoreHorizontal,
  Quote,
  Shuffle,
  Tag,
  Trash2,
} from 'lucide-react';
import { Suspense, useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import { useNavigate } from 'react-router';
import type { PostMenu_post$key } from '~/__generated__/PostMenu_post.graphql';
import type { PostMenuDeleteMutation } from '~/__generated__/PostMenuDeleteMutation.graphql';
import { VISIBILITIES } from '~/compose/draft';
import { compose } from '~/compose/open';
import { IconButton } from '~/design/IconButton';
import { Menu, MenuItem, MenuLine } from '~/design/Menu';
import { toast } from '~/design/Toast';
import { EditItems } from '~/edits/EditItems';
import { useText } from '~/i18n/language';
import { useConversationMute } from '~/muting/useConversationMute';
import { OpinionItems } from '~/picked/OpinionItems';
import { useAction } from '~/relay/useAction';
import { later } from '~/routing/later';
import { places } from '~/routing/places';
import { useViewer } from '~/session/viewer';
import { TalkMenu } from '~/talk/TalkMenu';
import { useRights } from '~/talk/useRights';

const AudienceDialog = later(() => import('~/edits/AudienceDialog'));
const Confirm = later(() => import('~/design/Confirm'));
const PostSharing = later(() => import('~/remix/PostSharing'));
const SendPost = later(() => import('~/messages/SendPost'));
const GateDialog = later(() => import('~/talk/GateDialog'));
const AddToBoard = later(() => import('~/boards/AddToBoard'));
const ReportDialog = later(() => import('~/report/ReportDialog'));
const LabelDialog = later(() => import('~/labelers/LabelDialog'));
const Insights = later(() => import('~/insights/Insights'));

/** The rest of what one can do with a post. */
export function PostMenu({ post: key }: { post: PostMenu_post$key }) {
  const text = useText();
  const viewer = useViewer();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const [sharing, setSharing] = useState(false);
  const [sending, setSending] = useState(false);
  const [gates, setGates] = useState(false);
  const [choosing, setChoosing] = useState(false);
  const [open, setOpen] = useState<'boards' | 'insights' | 'label' | 'report' | null>(null);
  const close = (shown: boolean) => {
    if (!shown) setOpen(null);
  };
  const post = useFragment(
    graphql`
      fragment PostMenu_post on Post {
        id
        visibility
        contentWarning
        isSensitive
        viewerCanQuote
        viewerHasMutedConversation
        ...TalkMenu_post
        ...useRights_post
        ...GateDialog_post
        images {
          id
        }
        author {
          id
        }
      }
    `,
    key,
  );
  useRights(post);
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
        {post.images[0] && !post.contentWarning && !post.isSensitive && (
          <MenuItem icon={<Images />} onSelect={() => void navigate(places.similar(post.images[0]?.id ?? ''))}>
            {text.saved.similar}
          </MenuItem>
        )}
        {viewer && (
          <MenuItem icon={<Mail />} onSelect={() => setSending(true)}>
            {text.letters.sendPost}
          </MenuItem>
        )}
        {viewer && (
          <MenuItem icon={<LayoutDashboard />} onSelect={() => setOpen('boards')}>
            {text.boards.add}
          </MenuItem>
        )}
        {viewer && (
          <MenuItem icon={post.viewerHasMutedConversation ? <MessageCircle /> : <MessageCircleOff />} onSelect={turn}>
            {post.viewerHasMutedConversation ? text.muting.unmuteConversation : text.muting.muteConversation}
          </MenuItem>
        )}
        {viewer && viewer.id !== post.author.id && <OpinionItems postId={post.id} authorId={post.author.id} />}
        {viewer && viewer.id !== post.author.id && (
          <MenuItem icon={<Flag />} onSelect={() => setOpen('report')}>
            {text.reporting.report}
          </MenuItem>
        )}
        {viewer?.isLabeler && (
          <MenuItem icon={<Tag />} onSelect={() => setOpen('label')}>
            {text.labels.labelThis}
          </MenuItem>
        )}
        <TalkMenu post={post} onGates={() => setGates(true)} />
        {viewer?.id === post.author.id && (
          <>
            <MenuItem icon={<ChartNoAxesColumn />} onSelect={() => setOpen('insights')}>
              {text.insights.open}
            </MenuItem>
            <MenuLine />
            <EditItems postId={post.id} onAudience={() => setChoosing(true)} />
            <MenuItem icon={<Shuffle />} onSelect={() => setSharing(true)}>
              {text.remix.settle}
            </MenuItem>
            <MenuItem icon={<Trash2 />} danger onSelect={() => setAsking(true)}>
              {text.post.delete}
            </MenuItem>
          </>
        )}
      </Menu>
      <Suspense>{sending && <SendPost postId={post.id} onClose={() => setSending(false)} />}</Suspense>
      <Suspense>{sharing && <PostSharing postId={post.id} onClose={() => setSharing(false)} />}</Suspense>
      <Suspense>
        {gates && <GateDialog post={post} onClose={() => setGates(false)} />}
        {choosing && (
          <AudienceDialog
            postId={post.id}
            value={VISIBILITIES.find((one) => one === post.visibility) ?? 'PUBLIC'}
            onClose={() => setChoosing(false)}
          />
        )}
        {open === 'boards' && <AddToBoard postId={post.id} open onOpenChange={close} />}
        {open === 'report' && <ReportDialog subject={{ kind: 'post', id: post.id }} onClose={() => setOpen(null)} />}
        {open === 'label' && (
          <LabelDialog
            subject={{ kind: 'post', id: post.id }}
            imageIds={post.images.map(({ id }) => id)}
            onClose={() => setOpen(null)}
          />
        )}
        {open === 'insights' && <Insights postId={post.id} open onOpenChange={close} />}
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
