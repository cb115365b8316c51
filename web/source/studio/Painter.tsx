import { Brush, Eraser, Redo2, Trash2, Undo2 } from 'lucide-react';
import { type KeyboardEvent, type PointerEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { graphql, useLazyLoadQuery, useRelayEnvironment } from 'react-relay/hooks';
import type { PainterQuery } from '~/__generated__/PainterQuery.graphql';
import { sendPicture, whyOf } from '~/compose/send';
import { Button } from '~/design/Button';
import { Dialog } from '~/design/Dialog';
import { IconButton } from '~/design/IconButton';
import { Segments } from '~/design/Segments';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { PATIENT } from '~/relay/network';
import styles from './Painter.module.css';
import {
  BLANK,
  begun,
  drawnTo,
  fileOf,
  isBlank,
  type Painting,
  type Point,
  paintOn,
  pointAt,
  redone,
  undone,
} from './paint';

const COLOURS = ['#e5484d', '#f5a524', '#46a758', '#0090ff', '#111111', '#ffffff'] as const;
const MASK_COLOUR = '#2563ff'; // seen on most pictures, at the glass's opacity
const SMALLEST = 0.01; // of the longer side
const LARGEST = 0.3;
const USUAL = 0.08;
const STEP = 0.02; // of a side, by the arrow keys

type Props = {
  imageId: string;
  what: 'mask' | 'guide';
  /** The image's id of what was painted, once it is kept. */
  onDone: (imageId: string) => void;
  onClose: () => void;
};

/** Paint over a picture: where it may change (a mask), or what is meant (a guide). By pointer, finger or keys. */
export default function Painter({ imageId, what, onDone, onClose }: Props) {
  const all = useText();
  const text = all.studio;
  const environment = useRelayEnvironment();
  const [painting, setPainting] = useState<Painting>(BLANK);
  const [erase, setErase] = useState(false);
  const [size, setSize] = useState(USUAL);
  const [colour, setColour] = useState<string>(COLOURS[0]);
  const [sending, setSending] = useState(false);
  const way = useRef(new AbortController());
  useEffect(() => {
    way.current = new AbortController();
    return () => way.current.abort();
  }, []);
  const { node } = useLazyLoadQuery<PainterQuery>(
    graphql`
      query PainterQuery($id: ID!) {
        node(id: $id) {
          __typename
          ... on Image {
            id
            url(size: LARGE)
            width
            height
            altText
          }
        }
      }
    `,
    { id: imageId },
    { fetchPolicy: 'store-or-network', networkCacheConfig: PATIENT },
  );
  const image = node?.__typename === 'Image' ? node : null;
  if (!image?.width || !image.height) return null;
  const { width, height } = image;
  const brush = Math.max(1, Math.round(size * Math.max(width, height)));
  const done = async () => {
    setSending(true);
    try {
      const file = await fileOf(painting.strokes, width, height, what);
      if (!file) throw new Error('no canvas');
      onDone(await sendPicture(environment, file, way.current.signal, () => undefined));
    } catch (error) {
      if (!way.current.signal.aborted) toast(all.compose.uploadRefused[whyOf(error)], { urgent: true });
      setSending(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={text.paint[what]}
      description={text.paintHint[what]}
      wide
      closesOutside={false}
    >
      <div className={styles.tools}>
        <Segments
          label={text.tool}
          value={erase ? 'erase' : 'brush'}
          onChange={(tool) => setErase(tool === 'erase')}
          options={[
            { value: 'brush', label: text.brush, icon: <Brush aria-hidden="true" /> },
            { value: 'erase', label: text.eraser, icon: <Eraser aria-hidden="true" /> },
          ]}
        />
        <label className={styles.size}>
          <span>{text.brushSize}</span>
          <input
            type="range"
            min={SMALLEST}
            max={LARGEST}
            step={0.01}
            value={size}
            onChange={({ target: { value } }) => setSize(Number(value))}
          />
        </label>
        {what === 'guide' && (
          <fieldset className={styles.colours}>
            <legend className="visually-hidden">{text.colour}</legend>
            {COLOURS.map((one, index) => (
              <button
                key={one}
                type="button"
                className={styles.colour}
                style={{ background: one }}
                aria-label={text.colours[index]}
                aria-pressed={one === colour}
                onClick={() => setColour(one)}
              />
            ))}
          </fieldset>
        )}
        <span className={styles.history}>
          <IconButton
            label={text.undo}
            icon={<Undo2 />}
            disabled={!painting.strokes.length}
            onClick={() => setPainting(undone)}
          />
          <IconButton
            label={text.redo}
            icon={<Redo2 />}
            disabled={!painting.undone.length}
            onClick={() => setPainting(redone)}
          />
          <IconButton
            label={text.clear}
            icon={<Trash2 />}
            disabled={!painting.strokes.length}
            onClick={() => setPainting(BLANK)}
          />
        </span>
      </div>
      <div className={styles.stage}>
        <div className={styles.frame} style={{ aspectRatio: width / height, '--ratio': width / height } as never}>
          <img src={image.url ?? ''} alt={image.altText} className={styles.picture} draggable={false} />
          <Canvas
            width={width}
            height={height}
            painting={painting}
            faint={what === 'mask'}
            label={text.paint[what]}
            brush={brush}
            onStroke={(point) =>
              setPainting((now) =>
                begun(now, { erase, size: brush, colour: what === 'mask' ? MASK_COLOUR : colour, points: [point] }),
              )
            }
            onMove={(point) => setPainting((now) => drawnTo(now, point))}
          />
        </div>
      </div>
      <div className={styles.foot}>
        <p className={styles.keys}>{text.paintKeys}</p>
        <Button busy={sending} disabled={isBlank(painting)} onClick={() => void done()}>
          {text.paintDone}
        </Button>
      </div>
    </Dialog>
  );
}

type CanvasProps = {
  width: number;
  height: number;
  painting: Painting;
  faint: boolean;
  label: string;
  /** Its diameter in pixels of the picture. */
  brush: number;
  onStroke: (point: Point) => void;
  onMove: (point: Point) => void;
};

/** The glass over the picture. Arrow keys move a brush that is shown, the space bar sets it down and lifts it. */
function Canvas({ width, height, painting, faint, label, brush, onStroke, onMove }: CanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const down = useRef(false);
  const [cursor, setCursor] = useState<Point | null>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context) paintOn(context, painting.strokes);
  }, [painting]);
  const at = (event: PointerEvent<HTMLCanvasElement>) =>
    pointAt(event, event.currentTarget.getBoundingClientRect(), width, height);
  const press = (event: KeyboardEvent) => {
    const way: Record<string, Point> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    };
    const from = cursor ?? [width / 2, height / 2];
    const step = way[event.key];
    if (event.key === ' ') {
      event.preventDefault();
      down.current = !down.current;
      setCursor(from);
      if (down.current) onStroke(from);
    } else if (step) {
      event.preventDefault();
      const next: Point = [
        Math.min(width, Math.max(0, from[0] + step[0] * width * STEP)),
        Math.min(height, Math.max(0, from[1] + step[1] * height * STEP)),
      ];
      setCursor(next);
      if (down.current) onMove(next);
    }
  };
  return (
    <>
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: the keys are its own, so screen readers must pass them on */}
      <canvas
        ref={canvas}
        width={width}
        height={height}
        className={faint ? `${styles.glass} ${styles.faint}` : styles.glass}
        role="application"
        aria-label={label}
        tabIndex={0}
        onKeyDown={press}
        onBlur={() => {
          down.current = false;
          setCursor(null);
        }}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          down.current = true;
          onStroke(at(event));
        }}
        onPointerMove={(event) => {
          if (!down.current || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
          onMove(at(event));
        }}
        onPointerUp={() => {
          down.current = false;
        }}
        onPointerCancel={() => {
          down.current = false;
        }}
      />
      {cursor && (
        <span
          className={styles.cursor}
          style={{
            inlineSize: `${(brush / width) * 100}%`,
            insetInlineStart: `${(cursor[0] / width) * 100}%`,
            insetBlockStart: `${(cursor[1] / height) * 100}%`,
          }}
        />
      )}
    </>
  );
}
