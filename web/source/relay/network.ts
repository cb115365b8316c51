import type { CacheConfig, GraphQLResponse, RequestParameters, Variables } from 'relay-runtime';
import { outdated, patience } from './connection';
import { Refused, Unreachable } from './failure';

const ENDPOINT = '/graphql';
const TRIES = 3;

/**
 * For queries of parts of a page (`useLazyLoadQuery(…, { networkCacheConfig: PATIENT })`): they wait for the line however long it is
 * down. An error of theirs would take down the whole page, with what is read and written there.
 */
export const PATIENT: CacheConfig = { force: true, metadata: { patient: true } };

type Answer = { data?: unknown; errors?: readonly { message: string; extensions?: { code?: string } }[] };

/** Ask for a trusted document. What can be asked twice without harm is tried again when no answer came. */
export async function ask(
  request: RequestParameters,
  variables: Variables,
  { metadata }: CacheConfig = {},
): Promise<GraphQLResponse> {
  const most = metadata?.patient ? Number.POSITIVE_INFINITY : TRIES;
  const input = variables.input as { idempotencyKey?: string } | undefined;
  const again = request.operationKind === 'query' || Boolean(input?.idempotencyKey);
  for (let tries = 1; ; tries += 1) {
    try {
      return read(await post(request, variables));
    } catch (error) {
      if (!(error instanceof Unreachable) || !again || tries >= most) throw error;
      await patience(tries);
    }
  }
}

/** A trusted document by its id; its text where it is not one yet (under `make web`). */
export function documentOf({ id, text }: RequestParameters): { documentId: string } | { query: string } {
  return id ? { documentId: id } : { query: text ?? '' };
}

async function post(request: RequestParameters, variables: Variables): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(ENDPOINT, {
      method: 'POST',
      headers: { accept: 'application/graphql-response+json, application/json', 'content-type': 'application/json' },
      body: JSON.stringify({ ...documentOf(request), operationName: request.name, variables }),
    });
  } catch {
    throw new Unreachable();
  }
  try {
    return (await response.json()) as Answer;
  } catch {
    throw new Unreachable(); // a proxy's page, or an answer that broke off
  }
}

function read(answer: Answer): GraphQLResponse {
  const code = answer.errors?.[0]?.extensions?.code ?? (answer.errors ? 'INTERNAL_SERVER_ERROR' : undefined);
  if (code === 'PERSISTED_QUERY_NOT_FOUND') outdated.set(true);
  if (code && !answer.data) throw new Refused(code);
  return answer as GraphQLResponse;
}
