// A drawing as strokes: points with times and, of a pen, pressures. And its picture, as a network gets it.

/** Side of the paper in the units of the points. */
export const SIDE = 280;
/** Width of a line, in the same units. */
const WIDTH = 17;
/** Blank paper around the ink, as a share of its longer side. */
const MARGIN = 0.2;

/** The strokes of a drawing. */
export class Drawing {
  strokes = [];
  #began;

  get isEmpty() {
    return this.strokes.length === 0;
  }

  /** Begins a stroke; `hasPressure` if the pointer is a pen. */
  begin(hasPressure) {
    this.strokes.push({ x: [], y: [], t: [], p: hasPressure ? [] : undefined });
  }

  /** Adds a point to the last stroke. A point on the one before says nothing new. */
  add(x, y, time, pressure) {
    const stroke = this.strokes.at(-1);
    const [nx, ny] = [round(x), round(y)];
    if (stroke.x.length > 0 && stroke.x.at(-1) === nx && stroke.y.at(-1) === ny) return;
    this.#began ??= time;
    stroke.x.push(nx);
    stroke.y.push(ny);
    stroke.t.push(Math.max(0, Math.round(time - this.#began)));
    stroke.p?.push(Math.round(pressure * 1000) / 1000);
  }

  undo() {
    this.strokes.pop();
  }

  clear() {
    this.strokes = [];
    this.#began = undefined;
  }

  /** The strokes as lists, without what is not there. */
  toLists() {
    return this.strokes.map(({ x, y, t, p }) => (p ? { x, y, t, p } : { x, y, t }));
  }
}

const round = (value) => Math.round(value * 10) / 10;

/** Width of the line at a point: a pen's pressure of a half gives the usual width. */
const widthAt = (stroke, at) => (stroke.p ? WIDTH * (0.55 + 0.9 * stroke.p[at]) : WIDTH);

/** Draws the points `from`.. of a stroke. Curves run through the middles between points and bend at the points. */
export function trace(context, stroke, from = 0) {
  context.lineCap = "round";
  context.lineJoin = "round";
  context.strokeStyle = "#000";
  const { x, y } = stroke;
  const middle = (a, b) => [(x[a] + x[b]) / 2, (y[a] + y[b]) / 2];
  if (x.length === 1) line(context, widthAt(stroke, 0), [x[0], y[0]], [x[0], y[0]]);
  for (let at = Math.max(1, from); at < x.length; at++) {
    const start = at === 1 ? [x[0], y[0]] : middle(at - 2, at - 1);
    line(context, widthAt(stroke, at), start, middle(at - 1, at), [x[at - 1], y[at - 1]]);
  }
}

/** Draws the end of a stroke, from the last middle to the last point. */
export function traceEnd(context, { x, y, ...rest }) {
  const last = x.length - 1;
  if (last < 1) return;
  const start = [(x[last - 1] + x[last]) / 2, (y[last - 1] + y[last]) / 2];
  line(context, widthAt(rest, last), start, [x[last], y[last]]);
}

function line(context, width, start, end, bend) {
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(...start);
  if (bend) context.quadraticCurveTo(...bend, ...end);
  else context.lineTo(...end);
  context.stroke();
}

/** The picture of a drawing as PNG: a square of `sidePx` around the ink with a margin, so that the network gets what
 * was drawn and not the whole paper. */
export function png(drawing, sidePx) {
  const xs = drawing.strokes.flatMap((stroke) => stroke.x);
  const ys = drawing.strokes.flatMap((stroke) => stroke.y);
  const [left, right, top, lower] = [min(xs), max(xs), min(ys), max(ys)];
  const ink = Math.max(right - left, lower - top) + WIDTH;
  const side = ink * (1 + 2 * MARGIN);
  const canvas = new OffscreenCanvas(sidePx, sidePx);
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, sidePx, sidePx);
  context.scale(sidePx / side, sidePx / side);
  context.translate(side / 2 - (left + right) / 2, side / 2 - (top + lower) / 2);
  for (const stroke of drawing.strokes) {
    trace(context, stroke);
    traceEnd(context, stroke);
  }
  return canvas.convertToBlob({ type: "image/png" });
}

// Spread arguments have a limit, points have not.
const min = (values) => values.reduce((a, b) => Math.min(a, b));
const max = (values) => values.reduce((a, b) => Math.max(a, b));
