import { createStore } from '~/state/store';
import { isFree, type Wish } from './wish';

/** What a wish's price depends on, as `Viewer.generationQuote` takes it: other words cost the same and ask for no new quote. */
export function quoteInputOf(wish: Wish) {
  const { deed, engine, model, width, height, count, quality, imageId, remixOf, scale } = wish;
  return {
    kind: deed,
    engine: engine || null,
    model: model || null,
    quality: quality || null,
    count: isFree(deed) ? count : 1,
    ...(deed === 'GENERATE' ? { width, height } : { imageId, ...(remixOf ? { remixOf } : {}) }),
    ...(deed === 'UPSCALE' ? { scale } : {}),
  };
}

/** How often what the viewer may spend has changed here: a job was asked for, or came to its end and gave back. */
export const spendings = createStore(0);

/** Credits moved: what is shown of them is asked for anew. */
export const creditsMoved = () => spendings.update((now) => now + 1);
