// One plot of curves over epochs. uPlot draws; this file says what, and adds the keyboard.

const PLOT_HEIGHT_PX = 300;
// With more lines than this, thin ones; a reader then looks at the whole, not at one.
const MANY_LINES = 12;

class Plot {
  /** `on.cursor(epoch or null)`, `on.zoom([first, last] or null)`, `on.focus(key or null)` tell the others. */
  constructor(box, on) {
    this.box = box;
    this.on = on;
    this.u = null;
    box.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.u?.setSize(this.#size())).observe(box);
  }

  #size() {
    return { width: Math.max(200, this.box.clientWidth), height: PLOT_HEIGHT_PX };
  }

  /**
   * Draws `lines` ({key, curve, look}). `extent` has the first and last epoch of all plots, so that they stand under each
   * other; `zoom` is the range of epochs that is shown, or null for all.
   */
  draw(lines, { isLog, colours, extent, zoom }) {
    this.keys = [null];
    this.extent = extent;
    const drawn = lines.filter((line) => line.curve?.epochs.length);
    const series = [{}];
    const bands = [];
    const tables = drawn.map((line) => this.#columns(line, { isLog, series, bands, isThin: drawn.length > MANY_LINES }));
    this.u?.destroy();
    this.box.dataset.empty = drawn.length === 0 ? texts.nothingOn : "";
    const data = tables.length > 0 ? uPlot.join(tables) : [[]];
    this.epochs = data[0];
    this.u = new uPlot(this.#options({ series, bands, isLog, colours }), data, this.box);
    this.zoomTo(zoom);
  }

  /** The columns of a line, and their entries in `series` and `bands`. A logarithm has no place for 0. */
  #columns({ key, curve, look }, { isLog, series, bands, isThin }) {
    const column = (values) => (isLog ? values.map((value) => (value > 0 ? value : null)) : values);
    const width = isThin ? 1.2 : 2;
    const points = { show: curve.epochs.length === 1 };
    this.keys.push(key);
    series.push({ stroke: look.colour, dash: look.dash, width, points, label: key });
    if (!curve.low) return [curve.epochs, column(curve.values)];
    const edge = { stroke: "transparent", width: 0, points: { show: false } };
    bands.push({ series: [series.length + 1, series.length], fill: `${look.colour}29` });
    series.push(edge, edge);
    this.keys.push(null, null);
    return [curve.epochs, column(curve.values), column(curve.low), column(curve.high)];
  }

  #options({ series, bands, isLog, colours }) {
    const axis = { stroke: colours.ink, grid: { stroke: colours.grid, width: 1 }, ticks: { stroke: colours.grid } };
    const font = `13px system-ui, sans-serif`;
    const label = (_, values) => values.map((value) => (value === null ? null : tick(value)));
    return {
      ...this.#size(),
      series,
      bands,
      legend: { show: false },
      scales: { x: { time: false }, y: isLog ? { distr: 3 } : {} },
      axes: [
        { ...axis, font, size: 40, label: texts.epoch, labelFont: font, labelSize: 20, incrs: wholeSteps() },
        { ...axis, font, size: 62, values: label },
      ],
      focus: { alpha: 0.3 },
      cursor: {
        // Not along y: a drag picks epochs, and the values follow.
        drag: { x: true, y: false, setScale: true },
        sync: { key: "epochs", setSeries: false },
        focus: { prox: 20 },
        points: { size: 7 },
      },
      hooks: {
        setCursor: [(u) => this.on.cursor(this.epochs[u.cursor.idx] ?? null)],
        setScale: [(u, scale) => scale === "x" && this.on.zoom(this.#zoomed(u))],
        setSeries: [(u, i, options) => "focus" in options && this.on.focus(i === null ? null : this.keys[i])],
      },
    };
  }

  #zoomed({ scales: { x } }) {
    const [first, last] = [this.epochs[0], this.epochs.at(-1)];
    return x.min === null || (x.min <= first && x.max >= last) ? null : [x.min, x.max];
  }

  /** Shows a range of epochs, or all for null. */
  zoomTo(range) {
    if (!this.u || this.extent[0] === this.extent[1]) return;
    const [min, max] = range ?? this.extent;
    const { x } = this.u.scales;
    if (x.min !== min || x.max !== max) this.u.setScale("x", { min, max });
  }

  /** Makes the range of epochs `factor` times as wide, about the cursor or else the middle. */
  scale(factor) {
    if (!this.u) return;
    const { min, max } = this.u.scales.x;
    const [first, last] = this.extent;
    const centre = this.epochs[this.u.cursor.idx] ?? (min + max) / 2;
    const width = Math.min(Math.max((max - min) * factor, 1), last - first);
    const from = Math.min(Math.max(centre - width / 2, first), last - width);
    this.zoomTo(width === last - first ? null : [from, from + width]);
  }

  #key(event) {
    if (!this.u || this.epochs.length === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = this.u.cursor.idx ?? -1;
    const step = event.shiftKey ? 10 : 1;
    const last = this.epochs.length - 1;
    const moves = { ArrowRight: at + step, ArrowLeft: at - step, Home: 0, End: last };
    const zooms = { "+": 0.5, "=": 0.5, "-": 2 };
    if (event.key in moves) this.#moveTo(Math.min(Math.max(moves[event.key], 0), last));
    else if (event.key in zooms) this.scale(zooms[event.key]);
    else if (event.key === "0" || event.key === "Escape") this.zoomTo(null);
    else return;
    event.preventDefault();
  }

  #moveTo(index) {
    const left = this.u.valToPos(this.epochs[index], "x");
    this.u.setCursor({ left, top: this.u.over.clientHeight / 2 });
  }
}

/** A number beside an axis, without trailing zeros. */
function tick(value) {
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.001 || size >= 100000)) return value.toExponential().replace("e+", "e");
  return String(Number(value.toPrecision(6)));
}

/** Distances of ticks between epochs: an epoch has no half. */
const wholeSteps = () => [0, 1, 2, 3, 4, 5, 6].flatMap((zeros) => [1, 2, 5].map((digit) => digit * 10 ** zeros));
