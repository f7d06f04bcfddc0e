// The tab "Collect": asks for one digit after the other.

import { at, element } from "./dom.js";
import { png } from "./drawing.js";
import { Pad } from "./pad.js";
import { PageStore, ServerStore, faultOfName } from "./store.js";
import { text } from "./texts.js";

/** Side of the collected pictures. */
const SIDE_PX = 256;
/** Where the page remembers what was chosen last. */
const REMEMBERED = "digits-collect";

/** Sets up the tab; `fail` shows a fault. */
export function setUpCollect(about, fail) {
  const store = about.collects ? new ServerStore() : new PageStore();
  const pad = new Pad(at("collect-pad"));
  let wanted = { writer: "", labels: [], needed: 0 };
  let counts = {};
  let asked;
  // What can be taken back, the last one at the end.
  let added = [];
  let isSaved = true;
  let isBusy = false;

  setUpForm();

  function setUpForm() {
    const remembered = recall();
    const chosen = remembered.labels ?? Array.from({ length: 10 }, (_, label) => label);
    const boxes = Array.from({ length: 10 }, (_, label) => {
      const box = element("input", { type: "checkbox", value: label, checked: chosen.includes(label) });
      return element("label", {}, box, element("span", { textContent: label }));
    });
    at("collect-labels").replaceChildren(...boxes);
    at("collect-count").value = remembered.needed ?? 8;
    at("collect-form").addEventListener("submit", (event) => {
      event.preventDefault();
      start().catch(fail);
    });
    at("collect-writer").addEventListener("input", () => at("collect-writer").setCustomValidity(""));
    if (about.address) {
      at("collect-join").hidden = false;
      at("collect-qr").src = "qr.svg";
      at("collect-qr").alt = text("collect.qr");
      at("collect-address").textContent = about.address;
    }
  }

  async function start() {
    const writer = at("collect-writer").value.normalize("NFC").trim();
    const fault = faultOfName(writer);
    if (fault) {
      at("collect-writer").setCustomValidity(text(fault));
      at("collect-writer").reportValidity();
      return;
    }
    const labels = [...at("collect-labels").querySelectorAll(":checked")].map((box) => Number(box.value));
    if (labels.length === 0) return fail(new Error(text("collect.none")));
    wanted = { writer, labels, needed: Number(at("collect-count").value) };
    remember({ labels, needed: wanted.needed });
    counts = await store.counts(writer);
    added = [];
    at("collect-form").hidden = true;
    at("collect-work").hidden = false;
    at("collect-where").textContent = text(store.isLasting ? "collect.where" : "collect.where.page", { writer });
    pad.clear();
    next();
    fail();
  }

  /** Asks for a digit of which there are the fewest, in no order, and not for the same one twice in a row. */
  function next() {
    const missing = wanted.labels.filter((label) => counts[label] < wanted.needed);
    const fewest = Math.min(...missing.map((label) => counts[label]));
    const fit = missing.filter((label) => counts[label] === fewest);
    const others = fit.filter((label) => label !== asked);
    const from = others.length > 0 ? others : fit;
    asked = from[Math.floor(Math.random() * from.length)];
    show();
  }

  function show() {
    const isDone = asked === undefined;
    const [before, behind] = text("collect.ask", { label: "\0" }).split("\0");
    const ask = [before, element("b", { textContent: asked }), behind];
    at("collect-ask").replaceChildren(...(isDone ? [text("collect.done")] : ask));
    at("collect-ask").dataset.label = asked ?? "";
    at("collect-next").disabled = isDone;
    at("collect-undo").disabled = added.length === 0;
    at("collect-save").hidden = store.isLasting;
    at("collect-save").disabled = store.isLasting || store.isEmpty;
    at("collect-counts").replaceChildren(
      ...wanted.labels.map((label) => {
        const values = { label, count: counts[label], needed: wanted.needed };
        const item = element("li", {}, element("b", { textContent: label }), `${values.count}/${values.needed}`);
        item.title = text("collect.of", values);
        item.classList.toggle("full", counts[label] >= wanted.needed);
        item.classList.toggle("asked", label === asked);
        return item;
      }),
    );
  }

  /** Runs one change at a time, so that a second press of a key changes nothing. */
  async function once(change) {
    if (isBusy) return;
    isBusy = true;
    at("collect-hint").textContent = "";
    try {
      await change();
      fail();
    } catch (fault) {
      fail(fault);
    } finally {
      isBusy = false;
    }
  }

  async function take() {
    if (asked === undefined) return;
    if (pad.drawing.isEmpty) {
      at("collect-hint").textContent = text("collect.empty");
      return;
    }
    const digit = { writer: wanted.writer, label: asked, png: await png(pad.drawing, SIDE_PX), strokes: pad.drawing.toLists() };
    added.push({ key: await store.add(digit), label: asked });
    isSaved = store.isLasting;
    counts[asked]++;
    pad.clear();
    next();
  }

  async function undo() {
    const last = added.at(-1);
    if (!last) {
      at("collect-hint").textContent = text("collect.nothing");
      return;
    }
    await store.undo(last.key);
    added.pop();
    counts[last.label]--;
    asked = last.label;
    pad.clear();
    show();
    at("collect-hint").textContent = text("collect.taken", { label: last.label });
  }

  async function save() {
    const url = URL.createObjectURL(await store.zip());
    element("a", { href: url, download: "digits.zip" }).click();
    // The download has begun by then.
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    isSaved = true;
  }

  at("collect-next").addEventListener("click", () => once(take));
  at("collect-undo").addEventListener("click", () => once(undo));
  at("collect-save").addEventListener("click", () => once(save));
  at("collect-clear").addEventListener("click", () => pad.clear());
  at("collect-stop").addEventListener("click", () => {
    at("collect-work").hidden = true;
    at("collect-form").hidden = false;
    at("collect-writer").value = "";
    at("collect-writer").focus();
  });
  addEventListener("beforeunload", (event) => isSaved || event.preventDefault());

  return {
    /** Keys: Enter goes on, Escape clears, Ctrl+Z takes back a stroke, or the last digit if nothing is drawn. */
    key(event) {
      if (at("collect-work").hidden) return;
      const isOnControl = event.target.closest?.("button, a, input, pre");
      if (event.key === "Enter" && !isOnControl) once(take);
      else if (event.key === "Escape") pad.clear();
      else if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey)) pad.drawing.isEmpty ? once(undo) : pad.undo();
      else return;
      event.preventDefault();
    },
  };
}

/** The page works where it may remember nothing, too. */
function recall() {
  try {
    return JSON.parse(localStorage.getItem(REMEMBERED)) ?? {};
  } catch {
    return {};
  }
}

function remember(value) {
  try {
    localStorage.setItem(REMEMBERED, JSON.stringify(value));
  } catch {
    // Then it is chosen again the next time.
  }
}
