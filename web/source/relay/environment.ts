import { Environment, type GraphQLResponse, Network, Observable, RecordSource, Store } from 'relay-runtime';
import { doubts } from './connection';
import { ask, documentOf } from './network';
import { Socket } from './socket';
import { Versions } from './versions';

const KEPT_QUERIES = 30; // pages that can be gone back to without asking again

const versions = new Versions();
const socket = new Socket(`${location.origin.replace(/^http/, 'ws')}/graphql`, () => doubts.update((now) => now + 1));

/** The one store and network of this page. Logging in or out loads the page anew, so it never serves two people. */
export const environment = new Environment({
  network: Network.create(
    async (request, variables, cacheConfig) => {
      const answer = await ask(request, variables, cacheConfig);
      versions.freshen((answer as { data?: unknown }).data);
      return answer;
    },
    (request, variables) =>
      Observable.create<GraphQLResponse>((sink) =>
        socket.follow(
          { document: documentOf(request), operationName: request.name, variables },
          {
            next: (result) => {
              versions.freshen(result.data);
              sink.next(result as GraphQLResponse);
            },
            error: (error) => sink.error(error instanceof Error ? error : new Error(JSON.stringify(error))),
            complete: sink.complete,
          },
        ),
      ),
  ),
  store: new Store(new RecordSource(), { gcReleaseBufferSize: KEPT_QUERIES }),
});
