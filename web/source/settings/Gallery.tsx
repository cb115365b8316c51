import { Suspense, useState } from 'react';
import { Button } from '~/design/Button';
import { useText } from '~/i18n/language';
import { later } from '~/routing/later';
import { Section } from './Section';

const GalleryDialog = later(() => import('./GalleryDialog'));

/** One's own pictures, to look through and to delete. */
export function Gallery() {
  const text = useText().edits;
  const [open, setOpen] = useState(false);
  return (
    <Section title={text.gallery} text={text.galleryText}>
      <Button look="quiet" onClick={() => setOpen(true)}>
        {text.galleryOpen}
      </Button>
      <Suspense>{open && <GalleryDialog onClose={() => setOpen(false)} />}</Suspense>
    </Section>
  );
}
