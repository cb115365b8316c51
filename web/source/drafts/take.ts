import { type Draft, draftOf, EMPTY, isBlank, placeOf, VISIBILITIES } from '~/compose/draft';
import { compose } from '~/compose/open';
import { thawedPoll } from '~/compose/poll';
import { termsOf } from '~/talk/policy';
import { rest } from '~/talk/thread';
import type { Kept } from './content';
import { isSafe } from './sync';

/** Put a draft of the server into the composer and open it; false when what stands there would be lost. */
export function take(draft: Kept, viewerId: string): boolean {
  const [first, ...more] = draft.posts;
  const what = { replyToId: draft.replyToId ?? undefined, quotedPostId: first?.quotedPostId ?? undefined };
  const place = placeOf(viewerId, what);
  const store = draftOf(place);
  const here = store.get();
  const mayGo = isBlank(here) || here.server?.id === draft.id || isSafe(store) || isSame(here, draft);
  if (!mayGo) return false;
  const said = draft.posts.map(wordsOf);
  const [begun, ...others] = said;
  rest(place, more.length).forEach((one, index) => {
    one.set({ ...EMPTY, ...others[index] });
  });
  store.set({
    ...EMPTY,
    ...begun,
    warning: first?.contentWarning ?? null,
    visibility: VISIBILITIES.find((one) => one === draft.visibility) ?? null,
    terms: termsOf({ reply: draft.replyPolicy, quote: draft.quotePolicy, sensitive: first?.isSensitive }),
    remixPolicy: draft.remixPolicy as Draft['remixPolicy'],
    promptVisibility: draft.promptVisibility as Draft['promptVisibility'],
    following: more.length,
    server: { id: draft.id, version: draft.version },
  });
  compose(what);
  return true;
}

/** Whether what stands in the composer is this draft, which was kept just before the page was left. */
function isSame(here: Draft, draft: Kept): boolean {
  return (
    here.following + 1 === draft.posts.length && here.text.trim() === draft.posts[0]?.text && !here.pictures.length
  );
}

function wordsOf({ text, images, poll }: Kept['posts'][number]): Pick<Draft, 'text' | 'pictures' | 'poll'> {
  return {
    text,
    poll: thawedPoll(poll),
    pictures: images.flatMap(({ image, altText, madeWithAi }) =>
      image
        ? [
            {
              key: image.id,
              altText: altText ?? '',
              upload: { at: 'kept', imageId: image.id },
              preview: null,
              madeWithAi: madeWithAi as NonNullable<Draft['pictures'][number]['madeWithAi']> | null,
            },
          ]
        : [],
    ),
  };
}
