import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import { outdated, patience } from '~/relay/connection';
import { Unreachable } from '~/relay/failure';

const TRIES = 3; // then, if the server answers, the file is gone because Fresque was updated
const PROBE = '/favicon.svg';
const NOT_FETCHED = /module|preload/i; // how browsers and Vite say it; what else goes wrong in a module is a fault of ours

function mayCome(error: unknown): boolean {
  return error instanceof Error && NOT_FETCHED.test(error.message);
}

/**
 * A part of the client whose code is fetched when it is first shown. What does not come is asked for again until it does: a line that
 * is lost at that moment breaks nothing.
 */
// biome-ignore lint/suspicious/noExplicitAny: as React's own lazy has it
export function later<C extends ComponentType<any>>(load: () => Promise<{ default: C }>): LazyExoticComponent<C> {
  return lazy(async () => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await load();
      } catch (error) {
        if (!mayCome(error)) throw error;
        if (tries >= TRIES) await lookForUpdate();
        await patience(tries);
      }
    }
  });
}

/** A page's code. When it does not come, the failure that is shown instead says that nothing can be reached, and goes when it can. */
export function page<T>(load: () => Promise<T>): () => Promise<T> {
  let failed = 0;
  return async () => {
    try {
      return await load();
    } catch (error) {
      if (!mayCome(error)) throw error;
      failed += 1;
      if (failed >= TRIES) await lookForUpdate();
      throw new Unreachable();
    }
  };
}

/** Code did not come: where the server answers all the same, this page is older than it. */
export async function lookForUpdate(): Promise<void> {
  try {
    await fetch(PROBE, { method: 'HEAD', cache: 'no-store' });
    outdated.set(true);
  } catch {
    // Nothing answers: it may come yet.
  }
}
