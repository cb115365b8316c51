import { ChevronLeft, ChevronRight, Info, X, ZoomIn, ZoomOut } from 'lucide-react';
import { type ReactNode, useEffect, useEffectEvent, useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { Viewer_image$data, Viewer_image$key } from '~/__generated__/Viewer_image.graphql';
import { AiMark } from '~/ai/AiMark';
import { IconButton } from '~/design/IconButton';
import { useText } from '~/i18n/language';
import { Picture } from '~/post/Picture';
import { useZoom } from './useZoom';
import styles from './Viewer.module.css';

type Props = {
  images: Viewer_image$key;
  index: number;
  onIndex: (index: number) => void;
  onClose: () => void;
  /** What stands beside the picture. */
  children: ReactNode;
};

const BESIDE = '(min-width: 62rem)';

/** Pictures in full, one after another, with what there is to know beside them. */
export function Viewer({ images: key, index: wanted, onIndex, onClose, children }: Props) {
  const text = useText();
  const words = text.lightbox;
  const images: Viewer_image$data = useFragment(
    graphql`
      fragment Viewer_image on Image @relay(plural: true) {
        id
        url(size: LARGE)
        width
        height
        blurhash
        altText
        aiDisclosure {
          kind
          basis
        }
      }
    `,
    key,
  );
  const [details, showDetails] = useState(() => matchMedia(BESIDE).matches);
  const index = Math.min(wanted, images.length - 1);
  const image = images[index];
  const go = (by: number) => {
    if (images[index + by]) onIndex(index + by);
  };
  const { zoom, stage, handlers, zoomIn, zoomOut } = useZoom(image?.id ?? '', {
    onPrevious: () => go(-1),
    onNext: () => go(1),
    onClose,
  });
  // On the whole page: focus is on the dialog itself as it opens, and again when the button that had it goes.
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || (event.target as HTMLElement).closest('input, textarea'))
      return;
    const act = new Map<string, () => void>([
      ['ArrowLeft', () => go(-1)],
      ['ArrowRight', () => go(1)],
      ['+', zoomIn],
      ['=', zoomIn],
      ['-', zoomOut],
      ['i', () => showDetails(!details)],
    ]).get(event.key);
    if (!act) return;
    event.preventDefault();
    act();
  });
  useEffect(() => {
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
  if (!image) return <p className={styles.gone}>{words.gone}</p>;
  const ratio = (image.width ?? 1) / (image.height ?? 1);
  return (
    <div className={details ? `${styles.viewer} ${styles.detailed}` : styles.viewer}>
      <div className={styles.stage}>
        <div className={styles.field} ref={stage} {...handlers} data-zoomed={zoom.scale > 1 || undefined}>
          <div
            key={image.id}
            className={styles.sheet}
            style={{
              inlineSize: `min(100cqi, 100cqb * ${ratio})`,
              transform: `translate(${zoom.x}px, ${zoom.y}px) scale(${zoom.scale})`,
            }}
          >
            <Picture image={image} src={image.url} ratio={ratio} eager />
            <AiMark disclosure={image.aiDisclosure} />
          </div>
        </div>
        <div className={styles.bar}>
          <IconButton onPicture label={text.common.close} icon={<X />} onClick={onClose} />
          {images.length > 1 && (
            <span className={styles.number} role="status">
              {words.of(index + 1, images.length)}
            </span>
          )}
          <span className={styles.tools}>
            <IconButton
              onPicture
              label={words.zoomOut}
              icon={<ZoomOut />}
              disabled={zoom.scale === 1}
              onClick={zoomOut}
            />
            <IconButton onPicture label={words.zoomIn} icon={<ZoomIn />} onClick={zoomIn} />
            <IconButton
              onPicture
              label={details ? words.hideDetails : words.details}
              icon={<Info />}
              aria-expanded={details}
              onClick={() => showDetails(!details)}
            />
          </span>
        </div>
        {index > 0 && (
          <IconButton
            onPicture
            className={`${styles.step} ${styles.previous}`}
            label={words.previous}
            icon={<ChevronLeft />}
            onClick={() => go(-1)}
          />
        )}
        {index < images.length - 1 && (
          <IconButton
            onPicture
            className={`${styles.step} ${styles.next}`}
            label={words.next}
            icon={<ChevronRight />}
            onClick={() => go(1)}
          />
        )}
      </div>
      {details && <aside className={styles.details}>{children}</aside>}
    </div>
  );
}
