import { newKey } from '~/relay/useAction';
import { POLICIES, type RemixPolicy, SHOWN_TO, type ShownTo } from '~/remix/sharing';
import { keep, readKept } from '~/state/kept';
import { createStore, type Store } from '~/state/store';
import { OPEN, type Terms, termsOf } from '~/talk/policy';
import type { Composing } from './open';
import { type PollDraft, thawedPoll } from './poll';
import type { UploadState } from './upload';

export type Visibility = 'PUBLIC' | 'UNLISTED' | 'FOLLOWERS' | 'MENTIONED';
export const VISIBILITIES: readonly Visibility[] = ['PUBLIC', 'UNLISTED', 'FOLLOWERS', 'MENTIONED'];
export const MOST_PICTURES = 4;
export const MOST_FOLLOWING = 24;

/** What an author says that a picture owes to AI. */
export type Declaration = 'GENERATED' | 'EDITED';
export const DECLARATIONS: readonly Declaration[] = ['GENERATED', 'EDITED'];

/** A picture of a draft. `preview` is an address of this page's own, of a file that was picked here. */
export type DraftPicture = {
  readonly key: string;
  readonly altText: string;
  readonly madeWithAi?: Declaration | null;
  readonly upload: UploadState;
  readonly preview: string | null;
};

/** What is being composed at one place. Null stands for what was not touched. */
export type Draft = {
  readonly text: string;
  readonly visibility: Visibility | null;
  readonly warning: string | null;
  readonly remixPolicy: RemixPolicy | null;
  readonly promptVisibility: ShownTo | null;
  readonly pictures: readonly DraftPicture[];
  /** The wish in words for a picture, and the job that makes it. */
  readonly prompt: string;
  readonly jobId: string | null;
  /** Who may talk to it, and whether its pictures are covered. */
  readonly terms: Terms;
  /** How many posts of a thread follow it; each has a draft of its own. */
  readonly following: number;
  /** What it asks. */
  readonly poll: PollDraft | null;
  /** Of an edit: how often the post had been edited when this was begun. */
  readonly edits: number | null;
  /** The key under which this very content was sent and no answer came: sent again with it, it is posted once. */
  readonly sent: { readonly key: string; readonly content: string } | null;
  /** The draft of the server that this one is, and the version it had when it was last kept there. */
  readonly server: { readonly id: string; readonly version: number } | null;
};

export const EMPTY: Draft = {
  text: '',
  visibility: null,
  warning: null,
  remixPolicy: null,
  promptVisibility: null,
  pictures: [],
  prompt: '',
  jobId: null,
  terms: OPEN,
  following: 0,
  poll: null,
  edits: null,
  sent: null,
  server: null,
};

const open = new Map<string, Store<Draft>>();

/** The name of a place: of whom, and of a new post, an answer to one, a quote of one. Nobody sees the drafts of who was here before. */
export function placeOf(personId: string, { replyToId, quotedPostId, editedPostId }: Composing): string {
  if (editedPostId) return `draft.${personId}.edit.${editedPostId}`;
  const what = quotedPostId ? `quote.${quotedPostId}` : replyToId ? `reply.${replyToId}` : 'new';
  return `draft.${personId}.${what}`;
}

/** The draft of a place, alive and kept: what is typed survives a reload, and two composers of one place show the same. */
export function draftOf(place: string): Store<Draft> {
  const known = open.get(place);
  if (known) return known;
  const store = createStore<Draft>(thawed(readKept(place)));
  store.subscribe(() => keep(place, frozen(store.get())));
  open.set(place, store);
  return store;
}

/** Put a kept picture into a draft; false when it is full. One that is there already is not put twice. */
export function addImage(store: Store<Draft>, imageId: string, altText: string): boolean {
  const { pictures } = store.get();
  if (pictures.some(({ upload }) => upload.at === 'kept' && upload.imageId === imageId)) return true;
  if (pictures.length >= MOST_PICTURES) return false;
  const picture: DraftPicture = { key: newKey(), altText, upload: { at: 'kept', imageId }, preview: null };
  store.update((now) => ({ ...now, pictures: [...now.pictures, picture] }));
  return true;
}

/** The draft with one picture changed; unchanged when that picture was taken out meanwhile. */
export function withPicture(draft: Draft, key: string, change: (now: DraftPicture) => DraftPicture): Draft {
  if (!draft.pictures.some((picture) => picture.key === key)) return draft;
  return { ...draft, pictures: draft.pictures.map((picture) => (picture.key === key ? change(picture) : picture)) };
}

/** Whether there is nothing in it that somebody would miss. */
export function isBlank({ text, pictures, warning, prompt, jobId, following, poll }: Draft): boolean {
  const asks = poll?.options.some(Boolean);
  return !text.trim() && !pictures.length && !warning && !prompt.trim() && !jobId && !following && !asks;
}

/** The part that is worth keeping, as text; null when there is none. Files that are not uploaded yet cannot be kept. */
export function frozen(draft: Draft): string | null {
  if (isBlank(draft)) return null;
  const pictures = draft.pictures.flatMap(({ key, altText, madeWithAi, upload }) =>
    upload.at === 'kept' ? [{ key, altText, imageId: upload.imageId, ...(madeWithAi && { madeWithAi }) }] : [],
  );
  return JSON.stringify({ ...draft, pictures });
}

/** A draft out of what was kept; the empty one when that is not to be understood. */
export function thawed(text: string | null): Draft {
  if (!text) return EMPTY;
  try {
    const kept = JSON.parse(text) as Record<string, unknown>;
    const word = (value: unknown) => (typeof value === 'string' ? value : null);
    const sent = kept.sent as { key?: unknown; content?: unknown } | null;
    const server = kept.server as { id?: unknown; version?: unknown } | null;
    return {
      text: word(kept.text) ?? '',
      visibility: VISIBILITIES.find((one) => one === kept.visibility) ?? null,
      warning: word(kept.warning),
      remixPolicy: POLICIES.find((one) => one === kept.remixPolicy) ?? null,
      promptVisibility: SHOWN_TO.find((one) => one === kept.promptVisibility) ?? null,
      pictures: (Array.isArray(kept.pictures) ? kept.pictures : []).slice(0, MOST_PICTURES).flatMap(thawedPicture),
      prompt: word(kept.prompt) ?? '',
      jobId: word(kept.jobId),
      terms: termsOf(kept.terms),
      following: Math.min(MOST_FOLLOWING, Math.max(0, Math.trunc(Number(kept.following) || 0))),
      poll: thawedPoll(kept.poll),
      edits: typeof kept.edits === 'number' ? kept.edits : null,
      sent: word(sent?.key) && word(sent?.content) ? { key: String(sent?.key), content: String(sent?.content) } : null,
      server:
        word(server?.id) && typeof server?.version === 'number'
          ? { id: String(server.id), version: server.version }
          : null,
    };
  } catch {
    return EMPTY;
  }
}

function thawedPicture(value: unknown): DraftPicture[] {
  const { key, altText, imageId, madeWithAi } = (value ?? {}) as Record<string, unknown>;
  if (typeof key !== 'string' || typeof imageId !== 'string') return [];
  const declared = DECLARATIONS.find((one) => one === madeWithAi);
  return [
    {
      key,
      altText: typeof altText === 'string' ? altText : '',
      upload: { at: 'kept', imageId },
      preview: null,
      ...(declared && { madeWithAi: declared }),
    },
  ];
}
