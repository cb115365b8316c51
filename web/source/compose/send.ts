import { graphql } from 'react-relay/hooks';
import { commitMutation, type GraphQLTaggedNode, type IEnvironment, type MutationParameters } from 'relay-runtime';
import type { sendCompleteMutation } from '~/__generated__/sendCompleteMutation.graphql';
import type { sendCreateMutation } from '~/__generated__/sendCreateMutation.graphql';
import { type Refusal, Refused, refusalOf, Unreachable } from '~/relay/failure';
import { newKey } from '~/relay/useAction';
import { sessionEnded } from '~/session/ended';
import type { UploadEvent, UploadRefusal } from './upload';

const LONGEST_NAME = 200;

const CREATE = graphql`
  mutation sendCreateMutation($input: CreateImageUploadInput!) {
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
  mutation sendCompleteMutation($input: CompleteImageUploadInput!) {
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

let checking: Promise<unknown> = Promise.resolve(); // one after another: the server takes few of one person at once

/** Upload a picture and have it kept; gives the image's id. `report` hears how it goes. Throws what `whyOf` can tell. */
export async function sendPicture(
  environment: IEnvironment,
  file: File,
  signal: AbortSignal,
  report: (event: UploadEvent) => void,
): Promise<string> {
  const input = { mimeType: file.type, byteSize: file.size, filename: file.name.slice(-LONGEST_NAME) };
  const { createImageUpload: asked } = await mutate<sendCreateMutation>(environment, CREATE, input);
  if (!asked.upload) throw new Stopped(whyNot(asked.userErrors));
  await send(asked.upload.url, asked.upload.fields, file, signal, (bytes, of) => report({ is: 'sent', bytes, of }));
  report({ is: 'arrived' });
  const uploadId = asked.upload.id;
  const turn = checking.then(() => mutate<sendCompleteMutation>(environment, COMPLETE, { uploadId }));
  checking = turn.catch(() => undefined);
  const { completeImageUpload: kept } = await turn;
  if (!kept.image) throw new Stopped(whyNot(kept.userErrors));
  report({ is: 'kept', imageId: kept.image.id });
  return kept.image.id;
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
  if (refusals.some(({ code }) => code === 'CONTENT_BLOCKED')) return 'blocked';
  if (refusalOf(refusals, 'mimeType')) return 'type';
  if (refusalOf(refusals, 'byteSize')) return 'size';
  return refusals.some(({ code }) => code === 'BAD_USER_INPUT') ? 'broken' : 'other';
}

/** Why an upload did not come to its end. */
export function whyOf(error: unknown): UploadRefusal {
  if (error instanceof Stopped) return error.why;
  if (error instanceof Unreachable) return 'network';
  return error instanceof Refused && error.code === 'RATE_LIMITED' ? 'busy' : 'other';
}
