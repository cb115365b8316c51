import { graphql } from 'react-relay/hooks';
import type { RecordSourceProxy } from 'relay-runtime';
import type { usePinMutation } from '~/__generated__/usePinMutation.graphql';
import type { usePinUnpinMutation } from '~/__generated__/usePinUnpinMutation.graphql';
import { toast } from '~/design/Toast';
import { words } from '~/i18n/language';
import { codeText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { feedWords } from './words';

type Pinned = { readonly id: string; readonly name: string; readonly viewerHasPinned: boolean };

/** Put a feed among the tabs of one's home, or take it away; at once on the screen. And whether that is under way. */
export function usePin({ id, name, viewerHasPinned }: Pinned): [turn: () => void, busy: boolean] {
  const [pin, pinning] = useAction<usePinMutation>(graphql`
    mutation usePinMutation($input: PinFeedInput!) {
      pinFeed(input: $input) {
        feed {
          id
          viewerHasPinned
        }
        userErrors {
          code
          path
        }
      }
    }
  `);
  const [unpin, unpinning] = useAction<usePinUnpinMutation>(graphql`
    mutation usePinUnpinMutation($input: UnpinFeedInput!) {
      unpinFeed(input: $input) {
        feed {
          id
          viewerHasPinned
        }
        userErrors {
          code
          path
        }
      }
    }
  `);
  const put = (pinned: boolean) => (store: RecordSourceProxy) => {
    const feed = store.get(id);
    const viewer = store.getRoot().getLinkedRecord('viewer');
    feed?.setValue(pinned, 'viewerHasPinned');
    const tabs = viewer?.getLinkedRecords('pinnedFeeds');
    if (!feed || !viewer || !tabs) return;
    const others = tabs.filter((tab) => tab?.getDataID() !== id);
    viewer.setLinkedRecords(pinned ? [...others, feed] : others, 'pinnedFeeds');
  };
  const turn = () => {
    const text = feedWords.words();
    const wish = { input: { feedId: id }, optimisticUpdater: put(!viewerHasPinned), updater: put(!viewerHasPinned) };
    if (viewerHasPinned) unpin({ ...wish, onDone: () => toast(text.unpinnedSaid(name)) });
    else
      pin({
        ...wish,
        onDone: () => toast(text.pinnedSaid(name)),
        onRefused: ([first]) =>
          toast(first?.code === 'QUOTA_EXCEEDED' ? text.tooManyPinned : codeText(words(), first?.code ?? 'OTHER'), {
            urgent: true,
          }),
      });
  };
  return [turn, pinning || unpinning];
}
