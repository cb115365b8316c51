import { PencilLine, SquareDashed, X } from 'lucide-react';
import { Suspense, useState } from 'react';
import { Button } from '~/design/Button';
import { IconButton } from '~/design/IconButton';
import { useText } from '~/i18n/language';
import { later } from '~/routing/later';
import styles from './Places.module.css';
import type { Can, Wish } from './wish';

const Painter = later(() => import('./Painter'));

/** Where a picture is to change, and what was drawn over it, for models that take either. */
export function Places({ wish, can, onChange }: { wish: Wish; can: Can; onChange: (part: Partial<Wish>) => void }) {
  const text = useText().studio;
  const [painting, setPainting] = useState<'mask' | 'guide' | null>(null);
  if (!can.supportsMasks && !can.supportsGuides) return null;
  return (
    <span className={styles.places}>
      {can.supportsMasks && (
        <Mark
          label={text.paint.mask}
          marked={Boolean(wish.maskId)}
          drop={text.dropMask}
          icon={<SquareDashed aria-hidden="true" />}
          onPaint={() => setPainting('mask')}
          onDrop={() => onChange({ maskId: '' })}
        />
      )}
      {can.supportsGuides && (
        <Mark
          label={text.paint.guide}
          marked={Boolean(wish.guideId)}
          drop={text.dropGuide}
          icon={<PencilLine aria-hidden="true" />}
          onPaint={() => setPainting('guide')}
          onDrop={() => onChange({ guideId: '' })}
        />
      )}
      {painting && (
        <Suspense fallback={null}>
          <Painter
            imageId={wish.imageId}
            what={painting}
            onClose={() => setPainting(null)}
            onDone={(id) => {
              onChange(painting === 'mask' ? { maskId: id } : { guideId: id });
              setPainting(null);
            }}
          />
        </Suspense>
      )}
    </span>
  );
}

type MarkProps = {
  label: string;
  marked: boolean;
  drop: string;
  icon: React.ReactNode;
  onPaint: () => void;
  onDrop: () => void;
};

function Mark({ label, marked, drop, icon, onPaint, onDrop }: MarkProps) {
  return (
    <span className={marked ? `${styles.mark} ${styles.marked}` : styles.mark}>
      <Button small look="quiet" aria-pressed={marked} onClick={onPaint}>
        {icon}
        {label}
      </Button>
      {marked && <IconButton label={drop} icon={<X />} onClick={onDrop} />}
    </span>
  );
}
