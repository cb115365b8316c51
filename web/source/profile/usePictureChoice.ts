import { useEffect, useState, useSyncExternalStore } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { EMPTY } from '~/compose/draft';
import { addFiles, removePicture } from '~/compose/files';
import type { UploadState } from '~/compose/upload';
import { createStore } from '~/state/store';

/** A picture that is kept, with an address to show it by. */
export type Kept = { readonly id: string; readonly url: string | null | undefined };

export type PictureChoice = {
  /** What to show now. */
  readonly url: string | null;
  /** What to send: undefined leaves it as it is, null takes it away. */
  readonly imageId: string | null | undefined;
  /** How far an upload is; null when there is none. */
  readonly upload: UploadState | null;
  readonly send: (file: File) => void;
  readonly choose: (picture: Kept | null) => void;
};

/** A picture that is being chosen in place of `current`: a file of this device, one of one's own pictures, or none. */
export function usePictureChoice(current: Kept | null | undefined): PictureChoice {
  const environment = useRelayEnvironment();
  const [store] = useState(() => createStore(EMPTY));
  const [chosen, setChosen] = useState<Kept | null>();
  const picture = useSyncExternalStore(store.subscribe, store.get).pictures[0];
  useEffect(() => () => forget(store), [store]);
  const imageId =
    picture?.upload.at === 'kept' ? picture.upload.imageId : chosen?.id === current?.id ? undefined : chosen;
  return {
    url: picture?.preview ?? (chosen === undefined ? current : chosen)?.url ?? null,
    imageId: typeof imageId === 'object' && imageId ? imageId.id : imageId,
    upload: picture?.upload ?? null,
    send: (file) => {
      forget(store);
      addFiles(environment, store, [file]);
    },
    choose: (kept) => {
      forget(store);
      setChosen(kept);
    },
  };
}

function forget(store: ReturnType<typeof createStore<typeof EMPTY>>): void {
  for (const { key } of store.get().pictures) removePicture(store, key);
}
