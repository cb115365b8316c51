import { useSyncExternalStore } from 'react';
import { useViewer } from '~/session/viewer';
import { keep, readKept } from '~/state/kept';
import { createStore } from '~/state/store';

/** How pictures that AI made or changed are shown to whoever looks. Their label is shown in any case. */
export type AiPictures = 'SHOW' | 'LABEL' | 'BLUR' | 'HIDE';
export const AI_PICTURES: readonly AiPictures[] = ['SHOW', 'LABEL', 'BLUR', 'HIDE'];
const KEPT = 'ai-pictures';

/** A choice out of what was kept or sent; SHOW where it is none. */
export function choiceOf(value: string | null | undefined): AiPictures {
  return AI_PICTURES.find((one) => one === value) ?? 'SHOW';
}

/** The choice of who is not signed in, of this browser. */
export const here = createStore<AiPictures>(choiceOf(readKept(KEPT)));
here.subscribe(() => keep(KEPT, here.get()));

/** How such pictures are shown here: as the person settled, or this browser where nobody is signed in. */
export function useAiPictures(): AiPictures {
  const viewer = useViewer();
  const local = useSyncExternalStore(here.subscribe, here.get);
  return viewer ? choiceOf(viewer.aiPictures) : local;
}

/** How a picture of somebody's is shown to whoever looks; one's own are never veiled, nor is what AI had no part in. */
export function useShowing(authorId: string): (image: { readonly aiDisclosure?: unknown }) => AiPictures {
  const choice = useAiPictures();
  const own = useViewer()?.id === authorId;
  return ({ aiDisclosure }) => (!aiDisclosure || own ? 'SHOW' : choice);
}
