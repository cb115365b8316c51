import { graphql, useFragment } from 'react-relay/hooks';
import type { useEngines_engines$data, useEngines_engines$key } from '~/__generated__/useEngines_engines.graphql';
import type { Can, Wish } from './wish';

export type Engines = useEngines_engines$data;

/** The makers of pictures and what they can do. */
export function useEngines(key: useEngines_engines$key): Engines {
  return useFragment(
    graphql`
      fragment useEngines_engines on Engine @relay(plural: true) {
        name
        available
        models {
          name
          capabilities {
            minSide
            maxSide
            sideStep
            maxCount
            supportsSeeds
            supportsTransparentBackground
            styles
          }
        }
      }
    `,
    key,
  );
}

/** What the wish is for: the engine and model it names, or the first that are there. Null where there is none. */
export function chosenOf(engines: Engines, wish: Pick<Wish, 'engine' | 'model'>) {
  const usable = engines.filter(({ models }) => models.length > 0);
  const engine =
    usable.find(({ name }) => name === wish.engine) ?? usable.find(({ available }) => available) ?? usable[0];
  const model = engine?.models.find(({ name }) => name === wish.model) ?? engine?.models[0];
  if (!engine || !model) return null;
  const can: Can = model.capabilities;
  return { engine, model, can };
}
