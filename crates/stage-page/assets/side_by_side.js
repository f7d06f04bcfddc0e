// Two runs side by side: what differs in their configs, and the test rows on which they disagree. The format is that of
// `stage_page::live::SideBySide`.
//
// Each row of the second table has the number of its row in `data-row`, of its data set in `data-data`, and the path
// of its source picture, if known, in `data-path`; an event "rows" on the table says that there are new ones. A script
// with pictures can put them into the last cell.

// Rows that are shown; the heading counts all.
const MOST_ROWS_SHOWN = 200;

class SideBySide {
  constructor(section, index) {
    const data = JSON.parse(section.querySelector("script").textContent);
    this.data = data.data;
    this.keys = data.keys;
    this.runs = data.runs;
    this.tests = data.tests.map(({ rows, labels, paths }) => {
      let row = 0;
      return { rows: rows.map((step) => (row += step)), labels, paths };
    });
    this.name = `side by side ${index}`;
    const known = keep.get(this.name, []);
    const chosen = [0, 1].map((i) => (known[i] < this.runs.length ? known[i] : i));
    this.selects = chosen.map((run, i) => this.#select(run, i));
    this.result = element("div", { "aria-live": "polite" });
    const labels = this.selects.map((select, i) => element("label", {}, "AB"[i], " ", select));
    section.append(element("div", { class: "tools", role: "group", "aria-label": "Runs" }, ...labels), this.result);
    this.draw();
  }

  #select(run, i) {
    const options = this.runs.map(({ name }, value) => element("option", { value }, name));
    const select = element("select", { "aria-label": `Run ${"AB"[i]}` }, ...options);
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
    table.firstChild.dispatchEvent(new CustomEvent("rows", { bubbles: true }));
  }

  #configs(a, b) {
    const differing = this.keys.filter((_, i) => a.config[i] !== b.config[i]);
    if (differing.length === 0) return element("p", {}, "Their configs say the same but for the seed.");
    const rows = this.keys.flatMap(([key, values], i) => {
      if (a.config[i] === b.config[i]) return [];
      return [[key, values[a.config[i]], values[b.config[i]]]];
    });
    return table("What differs in their configs", ["key", "A", "B"], rows);
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
      const right = a.predicted[i] === label ? "A" : b.predicted[j] === label ? "B" : "neither";
      const path = ours.paths[row] ?? theirs.paths[row] ?? "";
      found.push({ row, label, a: a.predicted[i], b: b.predicted[j], right, path });
    });
    return found.sort((x, y) => words.compare(x.right, y.right) || x.row - y.row);
  }

  #summary(a, b, rows) {
    if (this.common === 0) return element("p", {}, "They have no test row in common.");
    const of = (right) => rows.filter((row) => row.right === right).length;
    return element("p", {}, `Of ${counted(this.common, "test row")} that both have, they disagree on ${rows.length}: ` +
      `only A (${a.name}) is right on ${of("A")}, only B (${b.name}) on ${of("B")}, neither on ${of("neither")}.`);
  }

  #rowTable(rows) {
    const cells = rows.map(({ row, label, a, b, right, path }) => [row, label, a, b, right, path].map(String));
    const heads = ["#row", "#label", "#A predicts", "#B predicts", "right", "picture"];
    const made = table("Test rows on which they disagree", heads, cells);
    rows.forEach(({ row, path }, i) => {
      Object.assign(made.firstChild.tBodies[0].rows[i].dataset, { row, data: this.data, path });
    });
    return made;
  }
}

const counted = (count, thing) => `${count} ${thing}${count === 1 ? "" : "s"}`;

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
