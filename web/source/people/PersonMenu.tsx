import {
  Ban,
  Bell,
  BellOff,
  Clock,
  Flag,
  Link2,
  ListPlus,
  MoreHorizontal,
  Repeat2,
  Settings,
  Tag,
  UserX,
  Volume2,
  VolumeX,
} from 'lucide-react';
import { Suspense, useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import { useNavigate } from 'react-router';
import type { PersonMenu_user$key } from '~/__generated__/PersonMenu_user.graphql';
import type { PersonMenuBlockMutation } from '~/__generated__/PersonMenuBlockMutation.graphql';
import type { PersonMenuMuteMutation } from '~/__generated__/PersonMenuMuteMutation.graphql';
import type { PersonMenuRemoveMutation } from '~/__generated__/PersonMenuRemoveMutation.graphql';
import type { PersonMenuUnblockMutation } from '~/__generated__/PersonMenuUnblockMutation.graphql';
import type { PersonMenuUnmuteMutation } from '~/__generated__/PersonMenuUnmuteMutation.graphql';
import type { PersonMenuUpdateMutation } from '~/__generated__/PersonMenuUpdateMutation.graphql';
import { IconButton } from '~/design/IconButton';
import { Menu, MenuItem, MenuLine } from '~/design/Menu';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { later } from '~/routing/later';
import { places } from '~/routing/places';
import { useViewer } from '~/session/viewer';

const Confirm = later(() => import('~/design/Confirm'));
const MuteDialog = later(() => import('~/muting/MuteDialog'));
const ReportDialog = later(() => import('~/report/ReportDialog'));
const LabelDialog = later(() => import('~/labelers/LabelDialog'));
const AddToList = later(() => import('~/lists/AddToList'));

/** The rest of what one can do about a person. */
export function PersonMenu({ user: key }: { user: PersonMenu_user$key }) {
  const text = useText();
  const viewer = useViewer();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const [muting, setMuting] = useState(false);
  const [listing, setListing] = useState(false);
  const [reporting, setReporting] = useState(false);
  const [labeling, setLabeling] = useState(false);
  const user = useFragment(
    graphql`
      fragment PersonMenu_user on User {
        id
        handle
        viewerIsBlocking
        viewerIsMuting
        viewerIsFollowedBy
        viewerFollow {
          hidesReposts
          notifiesOnPost
        }
        ...MuteDialog_user
      }
    `,
    key,
  );
  const { id, handle, viewerIsBlocking, viewerIsMuting, viewerIsFollowedBy, viewerFollow } = user;
  const [update] = useAction<PersonMenuUpdateMutation>(graphql`
    mutation PersonMenuUpdateMutation($input: UpdateFollowInput!) {
      updateFollow(input: $input) {
        user {
          id
          viewerFollow {
            hidesReposts
            notifiesOnPost
          }
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [remove] = useAction<PersonMenuRemoveMutation>(graphql`
    mutation PersonMenuRemoveMutation($input: RemoveFollowerInput!) {
      removeFollower(input: $input) {
        user {
          id
          followerCount
          followingCount
          viewerIsFollowedBy
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [block, blocking] = useAction<PersonMenuBlockMutation>(graphql`
    mutation PersonMenuBlockMutation($input: BlockUserInput!) {
      blockUser(input: $input) {
        user {
          id
          followerCount
          viewerIsBlocking
          viewerIsFollowing
          viewerIsFollowedBy
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [unblock] = useAction<PersonMenuUnblockMutation>(graphql`
    mutation PersonMenuUnblockMutation($input: UnblockUserInput!) {
      unblockUser(input: $input) {
        user {
          id
          viewerIsBlocking
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [mute] = useAction<PersonMenuMuteMutation>(graphql`
    mutation PersonMenuMuteMutation($input: MuteUserInput!) {
      muteUser(input: $input) {
        user {
          id
          viewerIsMuting
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [unmute] = useAction<PersonMenuUnmuteMutation>(graphql`
    mutation PersonMenuUnmuteMutation($input: UnmuteUserInput!) {
      unmuteUser(input: $input) {
        user {
          id
          viewerIsMuting
        }
        userErrors {
          code
        }
      }
    }
  `);
  const input = { userId: id };
  const hear = () => {
    const user = { id, viewerIsMuting: false };
    unmute({ input, optimisticResponse: { unmuteUser: { user, userErrors: [] } } });
  };
  const hush = () => {
    const user = { id, viewerIsMuting: true };
    mute({
      input,
      optimisticResponse: { muteUser: { user, userErrors: [] } },
      onDone: () => toast(text.profile.muted(handle), { action: { label: text.common.undo, run: hear } }),
    });
  };
  const follow = (change: { hidesReposts?: boolean; notifiesOnPost?: boolean }) => {
    if (!viewerFollow) return;
    const { hidesReposts, notifiesOnPost } = viewerFollow;
    const shown = { id, viewerFollow: { hidesReposts, notifiesOnPost, ...change } };
    update({
      input: { ...input, ...change },
      optimisticResponse: { updateFollow: { user: shown, userErrors: [] } },
    });
  };
  const copy = async () => {
    await navigator.clipboard.writeText(location.origin + places.person(handle));
    toast(text.post.copied);
  };
  return (
    <>
      <Menu label={text.common.more} trigger={<IconButton label={text.common.more} icon={<MoreHorizontal />} />}>
        <MenuItem icon={<Link2 />} onSelect={() => void copy()}>
          {text.profile.copyLink}
        </MenuItem>
        {viewer?.id === id && (
          <MenuItem icon={<Settings />} onSelect={() => void navigate(places.settings)}>
            {text.places.settings}
          </MenuItem>
        )}
        {viewer && !viewerIsBlocking && (
          <MenuItem icon={<ListPlus />} onSelect={() => setListing(true)}>
            {text.lists.add}
          </MenuItem>
        )}
        {viewer?.isLabeler && !viewerIsBlocking && (
          <MenuItem icon={<Tag />} onSelect={() => setLabeling(true)}>
            {text.labels.labelThis}
          </MenuItem>
        )}
        {viewer && viewer.id !== id && (
          <>
            <MenuLine />
            {viewerFollow && (
              <>
                <MenuItem icon={<Repeat2 />} onSelect={() => follow({ hidesReposts: !viewerFollow.hidesReposts })}>
                  {viewerFollow.hidesReposts ? text.people.showReposts : text.people.hideReposts}
                </MenuItem>
                <MenuItem
                  icon={viewerFollow.notifiesOnPost ? <BellOff /> : <Bell />}
                  onSelect={() => follow({ notifiesOnPost: !viewerFollow.notifiesOnPost })}
                >
                  {viewerFollow.notifiesOnPost ? text.people.stopNotify : text.people.notify}
                </MenuItem>
              </>
            )}
            {viewerIsMuting ? (
              <MenuItem icon={<Volume2 />} onSelect={hear}>
                {text.profile.unmute}
              </MenuItem>
            ) : (
              <>
                <MenuItem icon={<VolumeX />} onSelect={hush}>
                  {text.profile.mute}
                </MenuItem>
                <MenuItem icon={<Clock />} onSelect={() => setMuting(true)}>
                  {text.muting.muteFor}
                </MenuItem>
              </>
            )}
            {viewerIsFollowedBy && (
              <MenuItem
                icon={<UserX />}
                onSelect={() => remove({ input, onDone: () => toast(text.people.removed(handle)) })}
              >
                {text.people.removeFollower}
              </MenuItem>
            )}
            <MenuItem icon={<Flag />} onSelect={() => setReporting(true)}>
              {text.reporting.report}
            </MenuItem>
            {viewerIsBlocking ? (
              <MenuItem
                icon={<Ban />}
                onSelect={() =>
                  unblock({
                    input,
                    optimisticResponse: { unblockUser: { user: { id, viewerIsBlocking: false }, userErrors: [] } },
                  })
                }
              >
                {text.profile.unblock}
              </MenuItem>
            ) : (
              <MenuItem icon={<Ban />} danger onSelect={() => setAsking(true)}>
                {text.profile.block}
              </MenuItem>
            )}
          </>
        )}
      </Menu>
      <Suspense>
        {muting && <MuteDialog user={user} onClose={() => setMuting(false)} />}
        {labeling && <LabelDialog subject={{ kind: 'user', id }} onClose={() => setLabeling(false)} />}
        {reporting && <ReportDialog subject={{ kind: 'user', id }} onClose={() => setReporting(false)} />}
        {listing && <AddToList userId={id} handle={handle} open onOpenChange={setListing} />}
        {asking && (
          <Confirm
            open={asking}
            onOpenChange={setAsking}
            title={text.profile.blockTitle(handle)}
            text={text.profile.blockText}
            action={text.profile.block}
            busy={blocking}
            onConfirm={() =>
              block({
                input,
                onDone: () => {
                  setAsking(false);
                  toast(text.profile.blocked(handle));
                },
              })
            }
          />
        )}
      </Suspense>
    </>
  );
}
