import type { IEnvironment } from 'relay-runtime';
import { newKey } from '~/relay/useAction';
import type { Store } from '~/state/store';
import { type Draft, type DraftPicture, EMPTY, MOST_PICTURES, withPicture } from './draft';
import { sendPicture, whyOf } from './send';
import { FIRST, step, TYPES, type UploadEvent } from './upload';

// Uploads go on while the composer is closed, so they live here and not in a component.
const files = new Map<string, File>();
const ways = new Map<string, AbortController>();
const moved = new Map<string, Store<Draft>>();

/** Say that the pictures of a draft stand in another one from now on: what is told of their uploads goes there. */
export function movePictures(draft: Draft, to: Store<Draft>): void {
  for (const { key } of draft.pictures) if (ways.has(key)) moved.set(key, to);
}

/** Put files into a draft and begin to upload them. Returns false when not all of them had a place. */
export function addFiles(environment: IEnvironment, store: Store<Draft>, picked: readonly File[]): boolean {
  const room = MOST_PICTURES - store.get().pictures.length;
  const added = picked.slice(0, Math.max(0, room)).map((file): DraftPicture => {
    const key = newKey();
    files.set(key, file);
    const known = TYPES.includes(file.type);
    return {
      key,
      altText: '',
      upload: known ? FIRST : { at: 'refused', why: 'type' },
      preview: known ? URL.createObjectURL(file) : null,
    };
  });
  store.update((now) => ({ ...now, pictures: [...now.pictures, ...added] }));
  for (const { key, upload } of added) if (upload === FIRST) void run(environment, store, key);
  return added.length === picked.length;
}

/** Upload a picture that was refused once more. */
export function tryAgain(environment: IEnvironment, store: Store<Draft>, key: string): void {
  report(store, key, { is: 'again' });
  if (store.get().pictures.some((picture) => picture.key === key && picture.upload.at === 'asking'))
    void run(environment, store, key);
}

/** Take a picture out; an upload of it stops. */
export function removePicture(store: Store<Draft>, key: string): void {
  ways.get(key)?.abort();
  const preview = store.get().pictures.find((picture) => picture.key === key)?.preview;
  if (preview) URL.revokeObjectURL(preview);
  files.delete(key);
  store.update((now) => ({ ...now, pictures: now.pictures.filter((picture) => picture.key !== key) }));
}

/** Empty a draft; uploads into it stop. */
export function discard(store: Store<Draft>): void {
  for (const { key } of store.get().pictures) removePicture(store, key);
  store.set(EMPTY);
}

function report(store: Store<Draft>, key: string, event: UploadEvent): void {
  (moved.get(key) ?? store).update((now) =>
    withPicture(now, key, (picture) => ({ ...picture, upload: step(picture.upload, event) })),
  );
}

async function run(environment: IEnvironment, store: Store<Draft>, key: string): Promise<void> {
  const file = files.get(key);
  if (!file) return;
  const way = new AbortController();
  ways.set(key, way);
  try {
    await sendPicture(environment, file, way.signal, (event) => report(store, key, event));
    files.delete(key);
  } catch (error) {
    if (!way.signal.aborted) report(store, key, { is: 'refused', why: whyOf(error) });
  } finally {
    ways.delete(key);
    moved.delete(key);
  }
}
