import { useSyncExternalStore } from 'react';
import { Dialog } from '~/design/Dialog';
import { useText } from '~/i18n/language';
import { composing } from './open';

/** The composer over any page; loaded when it is first opened. */
export default function ComposeDialog() {
  const text = useText();
  const what = useSyncExternalStore(composing.subscribe, composing.get);
  return (
    <Dialog
      open={what !== null}
      onOpenChange={() => composing.set(null)}
      title={text.places.compose}
      closesOutside={false}
    >
      {null}
    </Dialog>
  );
}
