// Two runs side by side: what differs in their configs, and the test rows on which they disagree. The format is that of
// `stage_page::live::SideBySide`.
//
// The pictures of rows lie on one sheet; each is cut out into a canvas of its own when its row is shown.

// Rows that are shown; the heading counts all.
const MOST_ROWS_SHOWN = 200;
// Width of a picture on the page.
const PICTURE_WIDTH_PX = 40;

class SideBySide {
  constructor(section, index) {
    const data = JSON.parse(section.querySelector("script").textContent);
    this.keys = data.keys;
    this.runs = data.runs;
    this.tests = data.tests.map(({ rows, labels, paths }) => ({ rows: summed(rows), labels, paths }));
    if (data.sheet) this.sheet = new Sheet(data.sheet);
    this.name = `side by side ${index}`;
    const known = keep.get(this.name, []);
    const chosen = [0, 1].map((i) => (known[i] < this.runs.length ? known[i] : i));
    this.selects = chosen.map((run, i) => this.#select(run, i));
    this.result = element("div", { "aria-live": "polite" });
    const labels = this.selects.map((select, i) => element("label", {}, "AB"[i], " ", select));
    section.append(element("div", { class: "tools", role: "group", "aria-label": texts.runs }, ...labels), this.result);
    this.draw();
  }

  #select(run, i) {
    const options = this.runs.map(({ name }, value) => element("option", { value }, name));
    const select = element("select", { "aria-label": texts.run("AB"[i]) }, ...options);
    select.value = run;
    select.addEventListener("change", () => this.draw());
    return select;
  }

  draw() {
    const chosen = this.selects.map((select) => Number(select.value));
    keep.set(this.name, chosen);
    const [a, b] = chosen.map((run) => this.runs[run]);
    const rows = this.#disagreements(a, b);
    const table = this.#rowTable(rows.slice(0, MOST_ROWS_SHOWN));
    this.result.replaceChildren(this.#configs(a, b), this.#summary(a, b, rows), ...(rows.length > 0 ? [table] : []));
    this.result.querySelectorAll("table").forEach((made, i) => bringToLife(made, `${this.name} ${i}`));
  }

  #configs(a, b) {
    const differing = this.keys.filter((_, i) => a.config[i] !== b.config[i]);
    if (differing.length === 0) return element("p", {}, texts.sameConfigs);
    const rows = this.keys.flatMap(([key, values], i) => {
      if (a.config[i] === b.config[i]) return [];
      return [[key, values[a.config[i]], values[b.config[i]]]];
    });
    return table(texts.differingConfigs, [texts.key, "A", "B"], rows);
  }

  /** Rows that both were tested on and of which they predict other digits; those that only one gets right come first. */
  #disagreements(a, b) {
    const [ours, theirs] = [this.tests[a.test], this.tests[b.test]];
    const place = new Map(theirs.rows.map((row, i) => [row, i]));
    this.common = 0;
    const found = [];
    ours.rows.forEach((row, i) => {
      const j = place.get(row);
      if (j === undefined) return;
      this.common += 1;
      if (a.predicted[i] === b.predicted[j]) return;
      const label = ours.labels[i];
      const right = a.predicted[i] === label ? "A" : b.predicted[j] === label ? "B" : texts.neither;
      const path = ours.paths[row] ?? theirs.paths[row] ?? "";
      found.push({ row, label, a: a.predicted[i], b: b.predicted[j], right, path });
    });
    return found.sort((x, y) => words.compare(x.right, y.right) || x.row - y.row);
  }

  #summary(a, b, rows) {
    if (this.common === 0) return element("p", {}, texts.noCommonRow);
    const of = (right) => rows.filter((row) => row.right === right).length;
    const counts = { common: this.common, rows: rows.length, onlyA: of("A"), onlyB: of("B"), neither: of(texts.neither) };
    return element("p", {}, texts.disagreement({ ...counts, a: a.name, b: b.name }));
  }

  #rowTable(rows) {
    const cells = rows.map(({ row, label, a, b, right, path }) => [row, label, a, b, right, path].map(String));
    const made = table(texts.disagreementRows, texts.disagreementHeads, cells);
    const lines = [...made.firstChild.tBodies[0].rows];
    rows.forEach(({ row }, i) => (lines[i].dataset.row = row));
    if (this.sheet && rows.length > 0) {
      made.firstChild.tHead.rows[0].children[1].before(element("th", { scope: "col" }, texts.picture));
      rows.forEach(({ row, label }, i) => {
        lines[i].children[1].before(element("td", {}, ...this.sheet.picture(row, texts.pictureOf(row, label))));
      });
    }
    return made;
  }
}

/** Pictures of rows, side by side in lines. */
class Sheet {
  constructor({ source, columns, size, rows }) {
    this.columns = columns;
    [this.width, this.height] = size;
    this.places = new Map(summed(rows).map((row, i) => [row, i]));
    this.image = new Image();
    this.image.src = source;
    this.loaded = this.image.decode();
  }

  /** The picture of a row as an element; none for a row that is not on the sheet. */
  picture(row, label) {
    const place = this.places.get(row);
    if (place === undefined) return [];
    const { width, height, columns } = this;
    const made = element("canvas", { class: "cut", role: "img", "aria-label": label, width, height });
    made.style.width = `${PICTURE_WIDTH_PX}px`;
    const [x, y] = [(place % columns) * width, Math.floor(place / columns) * height];
    this.loaded.then(() => made.getContext("2d").drawImage(this.image, x, y, width, height, 0, 0, width, height));
    return [made];
  }
}

/** Numbers from the first one and the steps to the next. */
function summed(steps) {
  let sum = 0;
  return steps.map((step) => (sum += step));
}

/** A table as the page has them: a column whose head begins with # holds numbers. */
function table(caption, heads, rows) {
  const numeric = heads.map((head) => head.startsWith("#"));
  const cell = (name, text, i, scope) => element(name, { scope, class: numeric[i] ? "n" : null }, text);
  const head = element("tr", {}, ...heads.map((text, i) => cell("th", text.replace("#", ""), i, "col")));
  const body = rows.map((row) => {
    return element("tr", {}, ...row.map((text, i) => cell(i === 0 ? "th" : "td", text, i, i === 0 ? "row" : null)));
  });
  const made = element("table", {}, element("caption", {}, caption), element("thead", {}, head), element("tbody", {}, ...body));
  return element("div", { class: "wide", tabindex: 0, role: "group", "aria-label": caption }, made);
}

document.querySelectorAll('[data-live="side-by-side"]').forEach((section, i) => new SideBySide(section, i));
