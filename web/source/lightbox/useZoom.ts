import { type PointerEvent, useEffect, useRef, useState, type WheelEvent } from 'react';

const MOST = 4;
const STEP = 1.5;
const SWIPE_PIXELS = 60;

export type Zoom = { readonly scale: number; readonly x: number; readonly y: number };

export const WHOLE: Zoom = { scale: 1, x: 0, y: 0 };

/** The view after a change of scale that keeps the point under the fingers where it is; the point is measured from the middle. */
export function zoomed(now: Zoom, by: number, at: { x: number; y: number }): Zoom {
  const scale = Math.min(MOST, Math.max(1, now.scale * by));
  if (scale === 1) return WHOLE;
  const part = scale / now.scale;
  return { scale, x: at.x - (at.x - now.x) * part, y: at.y - (at.y - now.y) * part };
}

/** The view moved, but never so far that the picture leaves its stage. */
export function moved(now: Zoom, x: number, y: number, stage: { width: number; height: number }): Zoom {
  const room = { x: (stage.width * (now.scale - 1)) / 2, y: (stage.height * (now.scale - 1)) / 2 };
  const within = (value: number, most: number) => Math.min(most, Math.max(-most, value));
  return { ...now, x: within(now.x + x, room.x), y: within(now.y + y, room.y) };
}

type Swipes = { onPrevious: () => void; onNext: () => void; onClose: () => void };

/** Zooming by wheel, double click, two fingers and keys; dragging; swiping while the picture is whole. `of` is which picture: another begins whole. */
export function useZoom(of: string, { onPrevious, onNext, onClose }: Swipes) {
  const [zoom, setZoom] = useState(WHOLE);
  const stage = useRef<HTMLDivElement>(null);
  const down = useRef(new Map<number, { x: number; y: number }>());
  const began = useRef<{ x: number; y: number } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another picture begins whole
  useEffect(() => setZoom(WHOLE), [of]);

  const box = () => stage.current?.getBoundingClientRect() ?? new DOMRect();
  const middle = (x: number, y: number) => {
    const { left, top, width, height } = box();
    return { x: x - left - width / 2, y: y - top - height / 2 };
  };
  const by = (factor: number, x?: number, y?: number) =>
    setZoom((now) => zoomed(now, factor, x === undefined || y === undefined ? { x: 0, y: 0 } : middle(x, y)));
  const spread = () => {
    const [one, other] = [...down.current.values()];
    return one && other ? Math.hypot(one.x - other.x, one.y - other.y) : 0;
  };

  const handlers = {
    onWheel: (event: WheelEvent) => by(event.deltaY < 0 ? 1.15 : 1 / 1.15, event.clientX, event.clientY),
    onDoubleClick: (event: { clientX: number; clientY: number }) =>
      zoom.scale > 1 ? setZoom(WHOLE) : by(2.5, event.clientX, event.clientY),
    onPointerDown: (event: PointerEvent) => {
      down.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
      began.current = down.current.size === 1 ? { x: event.clientX, y: event.clientY } : null;
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent) => {
      const before = down.current.get(event.pointerId);
      if (!before) return;
      const apart = spread();
      down.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
      if (down.current.size > 1) {
        const [one, other] = [...down.current.values()];
        if (one && other && apart) by(spread() / apart, (one.x + other.x) / 2, (one.y + other.y) / 2);
      } else if (zoom.scale > 1) {
        setZoom((now) => moved(now, event.clientX - before.x, event.clientY - before.y, box()));
      }
    },
    onPointerUp: (event: PointerEvent) => {
      down.current.delete(event.pointerId);
      const from = began.current;
      if (!from || zoom.scale > 1 || event.pointerType === 'mouse') return;
      const [x, y] = [event.clientX - from.x, event.clientY - from.y];
      if (Math.abs(x) > SWIPE_PIXELS && Math.abs(x) > 2 * Math.abs(y)) (x > 0 ? onPrevious : onNext)();
      else if (y > 1.5 * SWIPE_PIXELS && y > 2 * Math.abs(x)) onClose();
    },
    onPointerCancel: (event: PointerEvent) => {
      down.current.delete(event.pointerId);
      began.current = null;
    },
  };
  return { zoom, stage, handlers, zoomIn: () => by(STEP), zoomOut: () => by(1 / STEP) };
}
