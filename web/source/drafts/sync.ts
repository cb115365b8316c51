import { graphql } from 'react-relay/hooks';
import { commitMutation, type IEnvironment } from 'relay-runtime';
import type { syncDeleteMutation } from '~/__generated__/syncDeleteMutation.graphql';
import type { syncSaveMutation } from '~/__generated__/syncSaveMutation.graphql';
import { type Draft, EMPTY, isBlank, type Visibility } from '~/compose/draft';
import type { Composing } from '~/compose/open';
import { threadOf } from '~/compose/usePublish';
import { newKey } from '~/relay/useAction';
import type { Store } from '~/state/store';

const PAUSE_MILLISECONDS = 2_500;

const SAVE = graphql`
  mutation syncSaveMutation($input: SaveDraftInput!) {
    saveDraft(input: $input) {
      draft {
        id
        version
      }
      userErrors {
        code
        path
      }
    }
  }
`;
const DELETE = graphql`
  mutation syncDeleteMutation($input: DeleteDraftInput!) {
    deleteDraft(input: $input) {
      deletedDraftId @deleteRecord
      userErrors {
        code
        path
      }
    }
  }
`;

type Watch = { readonly content: () => ReturnType<typeof threadOf>; readonly environment: IEnvironment };

const underWay = new WeakSet<Store<Draft>>();
const saved = new WeakMap<Store<Draft>, string>();
const watched = new WeakMap<Store<Draft>, Watch>();
const held = new WeakSet<Store<Draft>>();

/**
 * Keep a draft of this browser on the server, too, whenever it stands still for a moment. Where another device changed it meanwhile,
 * both are kept: what is here becomes a draft of its own. Returns the end of it, which keeps what is not kept yet.
 */
export function follow(
  environment: IEnvironment,
  store: Store<Draft>,
  following: readonly Store<Draft>[],
  what: Composing,
  visibility: Visibility,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => save(store), PAUSE_MILLISECONDS);
  };
  const content = () =>
    threadOf(
      store.get(),
      following.map((one) => one.get()),
      what,
      visibility,
    );
  watched.set(store, { content, environment });
  if (!isBlank(store.get())) later(); // what was typed before a reload may not be kept yet
  const ends = [store, ...following].map((one) => one.subscribe(later));
  return () => {
    for (const end of ends) end();
    clearTimeout(timer);
    save(store);
  };
}

/** Keep nothing of a draft while it is being scheduled: all of it is on its way to the server then. Returns the end of it. */
export function hold(store: Store<Draft>): () => void {
  held.add(store);
  return () => void held.delete(store);
}

/** Whether the server has all that stands here, as it is. */
export function isSafe(store: Store<Draft>): boolean {
  const watch = watched.get(store);
  return watch !== undefined && saved.get(store) === JSON.stringify(watch.content());
}

function save(store: Store<Draft>): void {
  const watch = watched.get(store);
  if (!watch || held.has(store) || underWay.has(store)) return; // what is under way looks again when it is done
  const draft = store.get();
  const content = watch.content();
  const text = JSON.stringify(content);
  const said = content.posts.some(
    ({ text: words, images, poll }) => words.trim() || images.length || poll?.options.length,
  );
  if (draft.server && !draft.sent && isBlank(draft)) {
    forget(watch.environment, store); // all of it was taken out again
    store.update((now) => ({ ...now, server: null }));
  }
  if (!said || draft.sent || saved.get(store) === text) return;
  underWay.add(store);
  commitMutation<syncSaveMutation>(watch.environment, {
    mutation: SAVE,
    variables: {
      input: {
        content,
        draftId: draft.server?.id ?? null,
        expectedVersion: draft.server?.version ?? null,
        idempotencyKey: newKey(),
      },
    },
    onCompleted: ({ saveDraft: { draft: kept, userErrors } }) => {
      underWay.delete(store);
      const gone = userErrors.some(({ code }) => code === 'CONFLICT' || code === 'NOT_FOUND');
      if (gone && draft.server) {
        if (store.get().server?.id !== draft.server.id) return;
        store.update((now) => ({ ...now, server: null }));
        save(store);
      } else if (kept && !userErrors.length) {
        const now = store.get();
        if (now.server && now.server.id !== kept.id) return; // another draft stands here by now; this one is kept
        if (isBlank(now) || now.sent) {
          if (!draft.server)
            remove(watch.environment, kept.id); // it was posted, scheduled or thrown away meanwhile
          else save(store);
          return;
        }
        saved.set(store, text);
        store.update((one) => ({ ...one, server: { id: kept.id, version: kept.version } }));
        save(store);
      }
    },
    onError: () => underWay.delete(store), // it stands in this browser; the next change tries again
  });
}

/** The draft was posted or thrown away: the server need not keep it either. */
export function forget(environment: IEnvironment, store: Store<Draft>): void {
  const { server } = store.get();
  saved.delete(store);
  if (server) remove(environment, server.id);
}

/** The draft is the server's business from here on: the composer is empty again. */
export function handOver(store: Store<Draft>, following: readonly Store<Draft>[]): void {
  saved.delete(store);
  for (const one of [store, ...following]) one.set(EMPTY);
}

function remove(environment: IEnvironment, draftId: string): void {
  commitMutation<syncDeleteMutation>(environment, {
    mutation: DELETE,
    variables: { input: { draftId, idempotencyKey: newKey() } },
  });
}
