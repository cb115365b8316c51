import { createStore } from '~/state/store';

/** What is to be told once somebody has proven who they are, or does not want to; null while nobody is asked. */
export const stepUp = createStore<((proven: boolean) => void) | null>(null);

/** Ask whoever is here to prove who they are; whether they did. */
export const proveAgain = (): Promise<boolean> =>
  new Promise((resolve) => {
    stepUp.get()?.(false);
    stepUp.set((proven) => {
      stepUp.set(null);
      resolve(proven);
    });
  });
