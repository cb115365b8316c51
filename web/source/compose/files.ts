import { graphql } from 'react-relay/hooks';
import { commitMutation, type GraphQLTaggedNode, type IEnvironment, type MutationParameters } from 'relay-runtime';
import type { filesCompleteMutation } from '~/__generated__/filesCompleteMutation.graphql';
import type { filesCreateMutation } from '~/__generated__/filesCreateMutation.graphql';
import { type Refusal, Refused, refusalOf, Unreachable } from '~/relay/failure';
import { newKey } from '~/relay/useAction';
import { sessionEnded } from '~/session/ended';
import type { Store } from '~/state/store';
import { type Draft, type DraftPicture, EMPTY, MOST_PICTURES, withPicture } from './draft';
import { FIRST, step, TYPES, type UploadEvent, type UploadRefusal } from './upload';

const LONGEST_NAME = 200;

const CREATE = graphql`
  mutation filesCreateMutation($input: CreateImageUploadInput!) {
    createImageUpload(input: $input) {
      upload {
        id
        url
        fields {
          name
          value
        }
      }
      userErrors {
        code
        path
      }
    }
  }
`;
const COMPLETE = graphql`
  mutation filesCompleteMutation($input: CompleteImageUploadInput!) {
    completeImageUpload(input: $input) {
      image {
        id
      }
      userErrors {
        code
        path
      }
    }
  }
`;

/** Why a picture does not go on, as a throw. */
class Stopped extends Error {
  constructor(readonly why: UploadRefusal) {
    super(why);
  }
}

// Uploads go on while the composer is closed, so they live here and not in a component.
const files = new Map<string, File>();
const ways = new Map<string, AbortController>();
let checking: Promise<unknown> = Promise.resolve(); // one after another: the server takes few of one person at once

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
  store.update((now) => withPicture(now, key, (picture) => ({ ...picture, upload: step(picture.upload, event) })));
}

async function run(environment: IEnvironment, store: Store<Draft>, key: string): Promise<void> {
  const file = files.get(key);
  if (!file) return;
  const way = new AbortController();
  ways.set(key, way);
  try {
    const input = { mimeType: file.type, byteSize: file.size, filename: file.name.slice(-LONGEST_NAME) };
    const { createImageUpload: asked } = await mutate<filesCreateMutation>(environment, CREATE, input);
    if (!asked.upload) throw new Stopped(whyNot(asked.userErrors));
    await send(asked.upload.url, asked.upload.fields, file, way.signal, (bytes, of) =>
      report(store, key, { is: 'sent', bytes, of }),
    );
    report(store, key, { is: 'arrived' });
    const uploadId = asked.upload.id;
    const turn = checking.then(() => mutate<filesCompleteMutation>(environment, COMPLETE, { uploadId }));
    checking = turn.catch(() => undefined);
    const { completeImageUpload: kept } = await turn;
    if (!kept.image) throw new Stopped(whyNot(kept.userErrors));
    report(store, key, { is: 'kept', imageId: kept.image.id });
    files.delete(key);
  } catch (error) {
    if (!way.signal.aborted) report(store, key, { is: 'refused', why: whyOf(error) });
  } finally {
    ways.delete(key);
  }
}

function mutate<M extends MutationParameters>(
  environment: IEnvironment,
  mutation: GraphQLTaggedNode,
  input: Record<string, unknown>,
): Promise<M['response']> {
  return new Promise((resolve, reject) => {
    commitMutation<M>(environment, {
      mutation,
      variables: { input: { ...input, idempotencyKey: newKey() } },
      onCompleted: resolve,
      onError: reject,
    });
  });
}

function send(
  url: string,
  fields: readonly { readonly name: string; readonly value: string }[],
  file: File,
  signal: AbortSignal,
  onProgress: (bytes: number, of: number) => void,
): Promise<void> {
  const form = new FormData();
  for (const { name, value } of fields) form.append(name, value);
  form.append('file', file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch does not tell how far a body is
    request.upload.onprogress = ({ loaded, total }) => onProgress(loaded, total);
    request.onload = () => (request.status < 300 ? resolve() : reject(new Stopped('other')));
    request.onerror = () => reject(new Stopped('network'));
    request.onabort = () => reject(new Stopped('other'));
    signal.addEventListener('abort', () => request.abort());
    request.open('POST', url);
    request.send(form);
    if (signal.aborted) request.abort();
  });
}

function whyNot(refusals: readonly Refusal[]): UploadRefusal {
  if (refusals.some(({ code }) => code === 'UNAUTHENTICATED')) sessionEnded();
  if (refusals.some(({ code }) => code === 'RATE_LIMITED')) return 'busy';
  if (refusalOf(refusals, 'mimeType')) return 'type';
  if (refusalOf(refusals, 'byteSize')) return 'size';
  return refusals.some(({ code }) => code === 'BAD_USER_INPUT') ? 'broken' : 'other';
}

function whyOf(error: unknown): UploadRefusal {
  if (error instanceof Stopped) return error.why;
  if (error instanceof Unreachable) return 'network';
  return error instanceof Refused && error.code === 'RATE_LIMITED' ? 'busy' : 'other';
}
