import { useEffect, useSyncExternalStore } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { Dialog } from '~/design/Dialog';
import { toast } from '~/design/Toast';
import { forget } from '~/drafts/sync';
import { isUntouched } from '~/edits/begin';
import { useText } from '~/i18n/language';
import { askToLogIn } from '~/session/ended';
import { useViewer } from '~/session/viewer';
import { rest } from '~/talk/thread';
import { Composer } from './Composer';
import { isBlank, placeOf } from './draft';
import { discard } from './files';
import { type Composing, composing } from './open';
import { useDraft } from './useDraft';

/** The composer over any page; loaded when it is first opened. What is in it stays in its draft when it is closed. */
export default function ComposeDialog() {
  const text = useText();
  const viewer = useViewer();
  const what = useSyncExternalStore(composing.subscribe, composing.get);
  useEffect(() => {
    if (what && !viewer) askToLogIn();
  }, [what, viewer]);
  const store = useDraft(what ?? {});
  const environment = useRelayEnvironment();
  const discardAll = () => {
    forget(environment, store);
    const place = placeOf(viewer?.id ?? '', what ?? {});
    for (const one of [store, ...rest(place, store.get().following)]) discard(one);
  };
  const close = () => {
    composing.set(null);
    if (!what) return;
    if (what.editedPostId && isUntouched(what.editedPostId, store.get())) discard(store);
    else if (!isBlank(store.get()))
      toast(what.editedPostId ? text.edits.kept : text.compose.draftKept, {
        action: { label: text.compose.discard, run: discardAll },
      });
  };
  return (
    <Dialog
      open={what !== null && viewer !== null}
      onOpenChange={close}
      title={titleOf(what, text)}
      closesOutside={false}
    >
      <Composer {...what} inDialog onPosted={() => composing.set(null)} />
    </Dialog>
  );
}

function titleOf(what: Composing | null, text: ReturnType<typeof useText>): string {
  if (what?.editedPostId) return text.edits.title;
  if (what?.quotedPostId) return text.compose.titleQuote;
  return what?.replyToId ? text.compose.titleReply : text.places.compose;
}
