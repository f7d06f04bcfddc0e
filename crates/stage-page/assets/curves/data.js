// The curves of a page: unpacked, averaged over the lines of a group, smoothed. The format is that of
// `stage_page::live::Curves`. A key such as "g3" is group 3, "l17" line 17.

/** A curve: epochs, values and, where it is a mean of several, lowest and highest values. */
class Curves {
  constructor(data) {
    this.measures = data.measures.map(([name, isShare], i) => ({ name, isShare, every: data.every[i] }));
    this.epochs = data.epochs.map(([first, step, count, ...rest]) => [
      ...Array.from({ length: count }, (_, i) => first + i * step),
      ...rest,
    ]);
    this.lines = data.lines;
    this.groups = data.groups;
    this.shown = data.shown.map((group) => `g${group}`);
    this.means = new Map();
  }

  has(key) {
    const list = key[0] === "g" ? this.groups : this.lines;
    return list[Number(key.slice(1))] !== undefined;
  }

  name(key) {
    const index = Number(key.slice(1));
    return key[0] === "g" ? this.groups[index][0] : this.lines[index][0];
  }

  #line(index, measure) {
    const packed = this.lines[index][1][measure];
    return packed ? { epochs: this.epochs[packed[0]], values: packed[1] } : null;
  }

  /** The curve of a key, or null if it has no such measure. */
  curve(key, measure) {
    const index = Number(key.slice(1));
    if (key[0] === "l") return this.#line(index, measure);
    const name = `${index} ${measure}`;
    if (!this.means.has(name)) {
      const lines = this.groups[index][1].map((line) => this.#line(line, measure)).filter(Boolean);
      this.means.set(name, lines.length > 1 ? mean(lines) : (lines[0] ?? null));
    }
    return this.means.get(name);
  }
}

/** The value at an epoch, between two that are known on the straight line; null before the first and after the last. */
function valueBetween({ epochs, values }, epoch, from) {
  let i = from;
  while (i < epochs.length && epochs[i] < epoch) i += 1;
  if (i === epochs.length || (i === 0 && epochs[0] > epoch)) return [null, i];
  if (epochs[i] === epoch) return [values[i], i];
  const share = (epoch - epochs[i - 1]) / (epochs[i] - epochs[i - 1]);
  return [values[i - 1] + share * (values[i] - values[i - 1]), i];
}

/** Mean, lowest and highest of several curves. Runs may have been stopped at other epochs, or be thinned otherwise. */
function mean(lines) {
  const epochs = [...new Set(lines.flatMap((line) => line.epochs))].sort((a, b) => a - b);
  const at = lines.map(() => 0);
  const curve = { epochs, values: [], low: [], high: [] };
  for (const epoch of epochs) {
    const known = lines
      .map((line, i) => {
        const [value, next] = valueBetween(line, epoch, at[i]);
        at[i] = next;
        return value;
      })
      .filter((value) => value !== null);
    curve.values.push(known.reduce((sum, value) => sum + value, 0) / known.length);
    curve.low.push(known.reduce((a, b) => Math.min(a, b)));
    curve.high.push(known.reduce((a, b) => Math.max(a, b)));
  }
  return curve;
}

/** An exponential moving average that does not begin at 0: weights `factor` to the power of the distance, summing to 1. */
function smoothed(values, factor) {
  if (!factor) return values;
  let [sum, weight] = [0, 0];
  return values.map((value) => {
    sum = sum * factor + value;
    weight = weight * factor + 1;
    return sum / weight;
  });
}

function smoothCurve(curve, factor) {
  if (!curve || !factor) return curve;
  const { epochs, values, low, high } = curve;
  const band = low ? { low: smoothed(low, factor), high: smoothed(high, factor) } : {};
  return { epochs, values: smoothed(values, factor), ...band };
}

/** The last value at or before an epoch: between two tests nothing is known. */
function valueAt(curve, epoch) {
  if (!curve) return null;
  let [low, high] = [0, curve.epochs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (curve.epochs[middle] <= epoch) low = middle + 1;
    else high = middle;
  }
  return low > 0 ? curve.values[low - 1] : null;
}

/** A value as the tables of the page write it. */
function written(value, isShare) {
  if (value === null || value === undefined) return "–";
  if (isShare || (value >= 0.01 && value < 1000) || value === 0) return value.toFixed(3);
  return value.toExponential(2);
}
