// Switches in tables: a box in each row puts its experiment or run among the curves, or takes it out.

class Switches {
  /** `change(key, isOn)` is told of every click, `all(keys, isOn)` of many at once. */
  constructor(change) {
    this.boxes = new Map();
    const letters = { groups: "g", lines: "l" };
    for (const table of document.querySelectorAll("table[data-switches]")) {
      [...table.tBodies[0].rows].forEach((row, i) => {
        const key = letters[table.dataset.switches] + i;
        const name = row.cells[0].textContent;
        const box = element("input", { type: "checkbox", class: "switch", "aria-label": texts.switchOn(name) });
        box.addEventListener("change", () => change(key, box.checked));
        row.cells[0].prepend(box);
        this.boxes.set(key, box);
      });
    }
  }

  /** Shows which keys are on, each box in the colour of its line. */
  show(looks) {
    for (const [key, box] of this.boxes) {
      box.checked = looks.has(key);
      box.style.accentColor = looks.get(key)?.colour ?? "";
    }
  }

  /** The keys of the rows that a filter has left, in the order of the table. */
  listed() {
    const visible = (box) => !box.closest("tr").hidden && box.closest("details:not([open])") === null;
    const first = [...this.boxes.values()].find(visible)?.closest("table");
    const key = new Map([...this.boxes].map(([name, box]) => [box, name]));
    return [...(first?.querySelectorAll(".switch") ?? [])].filter(visible).map((box) => key.get(box));
  }
}
