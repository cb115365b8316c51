/**
 * A picture on its way into the store, as a machine of states: a form is asked for, the bytes are sent to the bucket, the server looks
 * at them and keeps them. What comes late (after a cancel, after the end) changes nothing.
 */
export type UploadState =
  | { readonly at: 'asking' }
  | { readonly at: 'sending'; readonly fraction: number }
  | { readonly at: 'checking' }
  | { readonly at: 'kept'; readonly imageId: string }
  | { readonly at: 'refused'; readonly why: UploadRefusal };

/** `type` and `size` are final; after the others the same picture may be tried again. */
export type UploadRefusal = 'type' | 'size' | 'blocked' | 'broken' | 'network' | 'busy' | 'other';

export type UploadEvent =
  | { readonly is: 'sent'; readonly bytes: number; readonly of: number }
  | { readonly is: 'arrived' }
  | { readonly is: 'kept'; readonly imageId: string }
  | { readonly is: 'refused'; readonly why: UploadRefusal }
  | { readonly is: 'again' };

export const FIRST: UploadState = { at: 'asking' };
export const TYPES: readonly string[] = ['image/png', 'image/jpeg', 'image/webp'];

/** The state after an event. */
export function step(state: UploadState, event: UploadEvent): UploadState {
  if (state.at === 'kept') return state;
  if (state.at === 'refused') return event.is === 'again' && mayTryAgain(state.why) ? FIRST : state;
  switch (event.is) {
    case 'sent': {
      if (state.at === 'checking') return state;
      const fraction = event.of > 0 ? Math.min(1, event.bytes / event.of) : 0;
      return { at: 'sending', fraction: state.at === 'sending' ? Math.max(state.fraction, fraction) : fraction };
    }
    case 'arrived':
      return { at: 'checking' };
    case 'kept':
      return { at: 'kept', imageId: event.imageId };
    case 'refused':
      return { at: 'refused', why: event.why };
    case 'again':
      return state;
  }
}

export function mayTryAgain(why: UploadRefusal): boolean {
  return why === 'network' || why === 'busy' || why === 'other';
}

/** Whether nothing more will come by itself. */
export function isSettled(state: UploadState): boolean {
  return state.at === 'kept' || state.at === 'refused';
}
