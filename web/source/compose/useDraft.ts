import { useViewer } from '~/session/viewer';
import type { Store } from '~/state/store';
import { type Draft, draftOf, placeOf } from './draft';
import type { Composing } from './open';

/** The viewer's draft at a place. */
export function useDraft(what: Composing): Store<Draft> {
  return draftOf(placeOf(useViewer()?.id ?? '', what));
}
