// Tables that sort by a click on the head of a column, and long ones that filter. The page has plain tables; all of this
// is added here, when a table can first be seen.

// Rows from which a table gets a filter.
const LONG = 12;
// "seed-2" before "seed-10", "[8, 8]" before "[64, 64]".
const words = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
// Where each row stood at first, for going back to that order.
const places = new WeakMap();

function place(row) {
  if (!places.has(row)) places.set(row, row.sectionRowIndex);
  return places.get(row);
}

/** The number at the start of a cell: of "0.81 .. 0.92" 0.81, of "< 0.0001" 0.0001. NaN for "-" and "never". */
const numberIn = (cell) => parseFloat(cell.textContent.trim().replace(/^[<>]\s*/, ""));

/** Rows in a new order. What is no number among numbers comes last, whichever the direction. */
function inOrder(rows, column, isNumeric, direction) {
  const sign = direction === "descending" ? -1 : 1;
  const keyed = rows.map((row) => [isNumeric ? numberIn(row.cells[column]) : row.cells[column].textContent, row]);
  const compare = ([a, first], [b, second]) => {
    if (isNumeric && (Number.isNaN(a) || Number.isNaN(b))) {
      return Number.isNaN(a) - Number.isNaN(b) || place(first) - place(second);
    }
    return sign * (isNumeric ? a - b : words.compare(a, b)) || place(first) - place(second);
  };
  return keyed.sort(compare).map(([, row]) => row);
}

function sortBy(table, column, direction) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  rows.forEach(place);
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, i) => {
    if (i === column && direction !== "none") head.setAttribute("aria-sort", direction);
    else head.removeAttribute("aria-sort");
  });
  const isNumeric = heads[column].classList.contains("n");
  const byPlace = (a, b) => place(a) - place(b);
  body.append(...(direction === "none" ? rows.sort(byPlace) : inOrder(rows, column, isNumeric, direction)));
}

/** Large numbers first, words from A; then the other way round; then as at first. */
function nextDirection(head) {
  const steps = head.classList.contains("n") ? ["descending", "ascending", "none"] : ["ascending", "descending", "none"];
  return steps[(steps.indexOf(head.getAttribute("aria-sort") ?? "none") + 1) % steps.length];
}

function makeSortable(table, name) {
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = element("button", { type: "button", class: "sort" });
    button.append(...head.childNodes);
    button.addEventListener("click", () => {
      const direction = nextDirection(head);
      sortBy(table, column, direction);
      keep.set(`${name} sort`, [column, direction]);
    });
    head.append(button);
  });
  const [column, direction] = keep.get(`${name} sort`, [0, "none"]);
  if (direction !== "none" && column < table.tHead.rows[0].cells.length) sortBy(table, column, direction);
}

/** Shows the rows that have all words of a text somewhere in their cells. */
function filterBy(table, text) {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of table.tBodies[0].rows) {
    const cells = row.textContent.toLowerCase();
    row.hidden = !wanted.every((word) => cells.includes(word));
    shown += !row.hidden;
  }
  return shown;
}

function makeFilter(table, name) {
  const all = table.tBodies[0].rows.length;
  const count = element("output", {});
  const caption = table.caption?.textContent ?? "";
  const input = element("input", { type: "search", "aria-label": texts.filterOf(caption), placeholder: texts.filterHint });
  const apply = () => {
    const shown = filterBy(table, input.value);
    count.textContent = shown === all ? texts.rows(all) : texts.rowsOf(shown, all);
    keep.set(`${name} filter`, input.value);
  };
  input.value = keep.get(`${name} filter`, "");
  input.addEventListener("input", apply);
  table.parentElement.before(element("div", { class: "filter" }, element("span", {}, texts.filter), input, count));
  apply();
}

/** Makes a table sortable and, if it is long, filterable; a second call does nothing. */
function bringToLife(table, index) {
  if (table.dataset.alive || !table.tHead || table.tBodies[0].rows.length < 2) return;
  table.dataset.alive = "yes";
  makeSortable(table, `table ${index}`);
  if (table.tBodies[0].rows.length >= LONG) makeFilter(table, `table ${index}`);
}

function tables() {
  // A confusion matrix keeps the order of its labels.
  const all = [...document.querySelectorAll("main table")].filter((table) => !table.closest(".matrix"));
  const isHidden = (table) => table.closest("details:not([open]), .without") !== null;
  const visible = () => all.forEach((table, index) => isHidden(table) || bringToLife(table, index));
  visible();
  // The event of a fold does not bubble, but it can be caught on its way down.
  document.addEventListener("toggle", visible, true);
}
tables();
