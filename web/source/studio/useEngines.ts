import { graphql, useFragment } from 'react-relay/hooks';
import type { useEngines_engines$data, useEngines_engines$key } from '~/__generated__/useEngines_engines.graphql';
import { able, type Can, DEEDS, type Deed, type Wish } from './wish';

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
            supportsStyleCodes
            supportsGeneration
            supportsEdits
            supportsVariations
            supportsBackgroundRemoval
            supportsNegativePrompts
            upscaleFactors
            qualities
            outputFormats
            supportsMasks
            supportsGuides
            maxReferences
          }
        }
      }
    `,
    key,
  );
}

/**
 * What the wish is for: the engine and model it names, or the first that are there, of those that do what is wanted. Null where none
 * does.
 */
export function chosenOf(engines: Engines, wish: Pick<Wish, 'engine' | 'model' | 'deed'>) {
  const usable = makersOf(engines, wish.deed);
  const maker =
    usable.find(({ engine, model }) => engine.name === wish.engine && model.name === wish.model) ??
    usable.find(({ engine }) => engine.name === wish.engine) ??
    usable.find(({ engine }) => engine.available) ??
    usable[0];
  return maker ? { ...maker, can: maker.model.capabilities as Can } : null;
}

/** Every engine and model that does this. */
export function makersOf(engines: Engines, deed: Deed) {
  return engines.flatMap((engine) =>
    engine.models.filter(({ capabilities }) => able(capabilities, deed)).map((model) => ({ engine, model })),
  );
}

/** What can be done with a picture here. */
export function deedsOf(engines: Engines): readonly (typeof DEEDS)[number][] {
  return DEEDS.filter((deed) => makersOf(engines, deed).length > 0);
}
