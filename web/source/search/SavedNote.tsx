import { Suspense } from 'react';
import { later } from '~/routing/later';

const SavedBadge = later(() => import('./SavedBadge'));

/** Beside the way to the search: how many of one's saved searches found something new. */
export function SavedNote() {
  return (
    <Suspense>
      <SavedBadge />
    </Suspense>
  );
}
