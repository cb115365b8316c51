import { createStore } from '~/state/store';

/** How far the pictures of posts on the page are that are still being made, by the post. Heard as signals, kept nowhere. */
export type Coming = {
  readonly fraction: number | null;
  /** The latest partial picture of each place; the address is good for a minute. */
  readonly previews: Readonly<Record<number, string>>;
};

export const NOTHING_YET: Coming = { fraction: null, previews: {} };

export const coming = createStore<Readonly<Record<string, Coming>>>({});

type Told = {
  readonly postId?: string | undefined;
  readonly fraction?: number | null | undefined;
  readonly previewUrl?: string | null | undefined;
  readonly outputIndex?: number | null | undefined;
};

/** A signal about a post: the bar never falls, a partial picture takes the place of the one before. */
export function heardOfPost({ postId, fraction, previewUrl, outputIndex }: Told): void {
  if (!postId) return;
  coming.update((now) => {
    const before = now[postId] ?? NOTHING_YET;
    const previews =
      previewUrl && typeof outputIndex === 'number'
        ? { ...before.previews, [outputIndex]: previewUrl }
        : before.previews;
    const further = typeof fraction === 'number' ? Math.max(fraction, before.fraction ?? 0) : before.fraction;
    return { ...now, [postId]: { fraction: further, previews } };
  });
}

/** Its pictures are there, or will not come. */
export function noLongerComing(postId: string): void {
  coming.update((now) => {
    if (!(postId in now)) return now;
    const { [postId]: _, ...rest } = now;
    return rest;
  });
}
