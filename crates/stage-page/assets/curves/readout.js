// The values at the cursor: a row for each line, a column for each plot. It is the legend, too.

class Readout {
  /** `off(key)` switches a line off. */
  constructor(box, off) {
    this.off = off;
    this.epoch = element("output", { class: "epoch" });
    this.heads = element("tr");
    this.body = element("tbody");
    const table = element("table", { class: "readout" }, element("thead", {}, this.heads), this.body);
    const scroll = { class: "wide", tabindex: 0, role: "group", "aria-label": texts.valuesAtCursor };
    box.append(element("p", { class: "at" }, this.epoch), element("div", scroll, table));
  }

  /** `lines` ({key, name, look}); `columns` ({measure, curves}: the curves of the lines in their order). */
  draw(lines, columns) {
    this.columns = columns;
    const heads = columns.map(({ measure }) => element("th", { scope: "col", class: "n" }, measure.name));
    this.heads.replaceChildren(element("th", { scope: "col" }, texts.line), ...heads);
    this.last = Math.max(0, ...columns.flatMap(({ curves }) => curves.map((curve) => curve?.epochs.at(-1) ?? 0)));
    this.rows = lines.map((line) => this.#row(line));
    this.body.replaceChildren(...this.rows.map(({ row }) => row));
    this.at(null);
  }

  #row({ key, name, look }) {
    const cells = this.columns.map(() => element("td", { class: "n" }));
    const remove = element("button", { type: "button", class: "off", "aria-label": texts.switchOff(name) }, "×");
    remove.addEventListener("click", () => this.off(key));
    const head = element("th", { scope: "row" }, swatch(look), element("span", { class: "name", title: name }, name), remove);
    return { key, cells, row: element("tr", { "data-key": key }, head, ...cells) };
  }

  /** The values at an epoch; for null those at the end. */
  at(epoch) {
    this.epoch.textContent = epoch === null ? texts.atEnd(this.last) : texts.atEpoch(epoch);
    this.columns.forEach(({ measure, curves }, column) => {
      this.rows.forEach(({ cells }, i) => {
        const value = valueAt(curves[i], epoch ?? Infinity);
        cells[column].textContent = written(value, measure.isShare);
      });
    });
  }

  /** Marks the line that is nearest to the cursor. */
  focus(key) {
    this.rows.forEach(({ row, key: own }) => row.classList.toggle("near", own === key && key !== null));
  }
}

// Rows of the table of values, which readers of a screen can go through one by one.
const VALUE_ROWS = 21;

/** The drawn curves as a table in a fold, made when it is opened. */
function valueTable(curvesNow) {
  const box = element("div", { class: "wide", tabindex: 0, role: "group", "aria-label": texts.valuesOfCurves });
  const fold = element("details", { class: "values" }, element("summary", {}, texts.curvesAsTable), box);
  const fill = () => {
    if (!fold.open) return;
    const { lines, columns } = curvesNow();
    const epochs = [...new Set(columns.flatMap(({ curves }) => curves.flatMap((curve) => curve?.epochs ?? [])))];
    epochs.sort((a, b) => a - b);
    const last = epochs.length - 1;
    const count = Math.min(epochs.length, VALUE_ROWS);
    const shown = Array.from({ length: count }, (_, i) => epochs[Math.round((i * last) / Math.max(1, count - 1))]);
    const pairs = columns.flatMap(({ measure, curves }) => lines.map((line, i) => ({ measure, line, curve: curves[i] })));
    const heads = pairs.map(({ measure, line }) => element("th", { scope: "col", class: "n" }, `${measure.name}, ${line.name}`));
    const rows = shown.map((epoch) => {
      const cells = pairs.map(({ measure, curve }) => {
        return element("td", { class: "n" }, written(valueAt(curve, epoch), measure.isShare));
      });
      return element("tr", {}, element("th", { scope: "row", class: "n" }, String(epoch)), ...cells);
    });
    const head = element("thead", {}, element("tr", {}, element("th", { scope: "col", class: "n" }, texts.epoch), ...heads));
    box.replaceChildren(element("table", {}, head, element("tbody", {}, ...rows)));
  };
  fold.addEventListener("toggle", fill);
  return { fold, fill };
}
