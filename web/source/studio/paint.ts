/** A place in the picture, in its own pixels. */
export type Point = readonly [across: number, down: number];

/** What one movement of the brush left behind. `size` is its diameter in pixels of the picture. */
export type Stroke = {
  readonly erase: boolean;
  readonly size: number;
  readonly colour: string;
  readonly points: readonly Point[];
};

/** What was painted, and what was taken back and may come again. */
export type Painting = { readonly strokes: readonly Stroke[]; readonly undone: readonly Stroke[] };

export const BLANK: Painting = { strokes: [], undone: [] };

/** A new stroke; what was taken back is given up. */
export function begun(now: Painting, stroke: Stroke): Painting {
  return { strokes: [...now.strokes, stroke], undone: [] };
}

/** The last stroke goes on. */
export function drawnTo(now: Painting, point: Point): Painting {
  const last = now.strokes.at(-1);
  if (!last) return now;
  const [across, down] = last.points.at(-1) ?? [Number.NaN, Number.NaN];
  if (across === point[0] && down === point[1]) return now;
  return { ...now, strokes: [...now.strokes.slice(0, -1), { ...last, points: [...last.points, point] }] };
}

export function undone(now: Painting): Painting {
  const last = now.strokes.at(-1);
  return last ? { strokes: now.strokes.slice(0, -1), undone: [...now.undone, last] } : now;
}

export function redone(now: Painting): Painting {
  const last = now.undone.at(-1);
  return last ? { strokes: [...now.strokes, last], undone: now.undone.slice(0, -1) } : now;
}

/** Whether nothing was ever painted; what was painted and erased again counts as painted. */
export const isBlank = ({ strokes }: Painting): boolean => strokes.every(({ erase }) => erase);

/** The pixel of the picture under a place of the screen. */
export function pointAt(
  place: { readonly clientX: number; readonly clientY: number },
  box: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
  width: number,
  height: number,
): Point {
  const inside = (value: number, most: number) => Math.min(most, Math.max(0, Math.round(value)));
  return [
    inside(((place.clientX - box.left) / box.width) * width, width),
    inside(((place.clientY - box.top) / box.height) * height, height),
  ];
}

/** Draw the strokes on an empty ground. */
export function paintOn(context: CanvasRenderingContext2D, strokes: readonly Stroke[]): void {
  const { width, height } = context.canvas;
  context.globalCompositeOperation = 'source-over';
  context.clearRect(0, 0, width, height);
  context.lineCap = 'round';
  context.lineJoin = 'round';
  for (const { erase, size, colour, points } of strokes) {
    const [first, ...rest] = points;
    if (!first) continue;
    context.globalCompositeOperation = erase ? 'destination-out' : 'source-over';
    context.strokeStyle = colour;
    context.lineWidth = size;
    context.beginPath();
    context.moveTo(...first);
    // A single touch is a dot.
    for (const point of rest.length ? rest : [first]) context.lineTo(...point);
    context.stroke();
  }
  context.globalCompositeOperation = 'source-over';
}

/** The painting as a file: as it is for a guide; for a mask, black all over and see-through where it was painted. */
export async function fileOf(strokes: readonly Stroke[], width: number, height: number, what: 'mask' | 'guide') {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) return null;
  paintOn(context, strokes);
  if (what === 'mask') {
    // The brush has soft edges; a mask has none, so that what may change is what was seen to be painted.
    const pixels = context.getImageData(0, 0, width, height);
    for (let at = 0; at < pixels.data.length; at += 4) {
      const painted = (pixels.data[at + 3] ?? 0) > 127;
      pixels.data[at] = pixels.data[at + 1] = pixels.data[at + 2] = 0;
      pixels.data[at + 3] = painted ? 0 : 255;
    }
    context.putImageData(pixels, 0, 0);
  }
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  return blob && new File([blob], `${what}.png`, { type: 'image/png' });
}
