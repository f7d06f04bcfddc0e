
(() => {
  "use strict";
  const { key, file, columns, pictures, words } = JSON.parse(document.getElementById("data").textContent);
  const cards = [...document.querySelectorAll(".card[data-of]")];
  if (cards.length === 0) return;
  const status = document.getElementById("count");
  // A decision belongs to a picture, not to a finding: one that is found twice is decided once.
  const name = (at) => pictures[at].slice(0, 3).join("\n");
  const of = (card) => card.dataset.of.split(" ").map(Number);

  let decisions = {};
  let isKept = true;
  try {
    decisions = JSON.parse(localStorage.getItem(key)) ?? {};
  } catch {
    isKept = false;
  }

  const keep = () => {
    try {
      localStorage.setItem(key, JSON.stringify(decisions));
      isKept = true;
    } catch {
      isKept = false;
    }
  };

  /** The decision about all pictures of a card, if it is one and the same. */
  const decisionOf = (card) => {
    const all = of(card).map((at) => decisions[name(at)]);
    return all.every((one) => one !== undefined && one.join() === all[0].join()) ? all[0] : undefined;
  };

  const show = (card) => {
    const [action, label] = decisionOf(card) ?? [];
    card.classList.toggle("decided", action !== undefined);
    for (const button of card.querySelectorAll("button")) {
      const isIt = button.dataset.action === action && (button.dataset.label ?? "") === String(label ?? "");
      button.setAttribute("aria-pressed", String(isIt));
    }
    const isSuggested = card.dataset.suggested === String(label ?? "");
    card.querySelector("select").value = action === "relabel" && !isSuggested ? String(label) : "";
  };

  const showCount = () => {
    const made = pictures.map((_, at) => decisions[name(at)]).filter(Boolean);
    const count = (action) => made.filter((one) => one[0] === action).length;
    const numbers = { made: made.length, all: pictures.length };
    for (const action of ["drop", "relabel", "keep"]) numbers[action] = count(action);
    const said = made.length === 0 ? words.nothing : words.decided.replace(/\{(\w+)\}/g, (_, name) => numbers[name]);
    status.textContent = isKept ? said : `${said} ${words.notKept}`;
  };

  const showAll = () => {
    cards.forEach(show);
    showCount();
  };

  /** `decision`: ["drop"], ["keep"], ["relabel", digit], or undefined for none. */
  const decide = (card, decision) => {
    for (const at of of(card)) {
      if (decision === undefined) {
        delete decisions[name(at)];
      } else {
        // The label that a picture has already is no other label.
        decisions[name(at)] = decision[0] === "relabel" && decision[1] === pictures[at][3] ? ["keep"] : decision;
      }
    }
    keep();
    showAll();
  };

  const cell = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

  const fixes = () => {
    const lines = [columns];
    pictures.forEach(([picture, source, row, was], at) => {
      const decision = decisions[name(at)];
      if (decision) lines.push([picture, source, row, decision[0], String(decision[1] ?? ""), String(was)]);
    });
    return lines.map((line) => line.map(cell).join(",") + "\n").join("");
  };

  const save = () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([fixes()], { type: "text/csv" }));
    link.download = file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  const current = () => document.activeElement?.closest?.(".card[data-of]") ?? null;

  const go = (card) => {
    if (!card) return;
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
  };

  const step = (by) => {
    const at = cards.indexOf(current());
    go(cards[at < 0 ? 0 : Math.min(Math.max(at + by, 0), cards.length - 1)]);
  };

  const nextUndecided = () => {
    const from = cards.indexOf(current()) + 1;
    go([...cards.slice(from), ...cards.slice(0, from)].find((card) => decisionOf(card) === undefined));
  };

  document.addEventListener("click", (event) => {
    const card = event.target.closest(".card[data-of]");
    const button = event.target.closest("button[data-action]");
    if (button && card) {
      const { action, label } = button.dataset;
      const isOn = button.getAttribute("aria-pressed") === "true";
      decide(card, isOn ? undefined : label === undefined ? [action] : [action, Number(label)]);
    }
  });

  document.addEventListener("change", (event) => {
    const card = event.target.closest(".card[data-of]");
    if (card && event.target.matches("select")) {
      decide(card, event.target.value === "" ? undefined : ["relabel", Number(event.target.value)]);
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("select, input")) return;
    const card = current();
    const then = (decision) => {
      if (!card) return;
      decide(card, decision);
      step(1);
    };
    if (event.key === "ArrowRight") step(1);
    else if (event.key === "ArrowLeft") step(-1);
    else if (event.key === "d") then(["drop"]);
    else if (event.key === "k") then(["keep"]);
    else if (event.key === "r" && card?.dataset.suggested) then(["relabel", Number(card.dataset.suggested)]);
    else if (/^[0-9]$/.test(event.key)) then(["relabel", Number(event.key)]);
    else if (event.key === "u" && card) decide(card, undefined);
    else if (event.key === "s") save();
    else return;
    event.preventDefault();
  });

  document.getElementById("save").addEventListener("click", save);
  document.getElementById("next").addEventListener("click", nextUndecided);
  document.getElementById("reset").addEventListener("click", () => {
    if (confirm(words.forget)) {
      decisions = {};
      keep();
      showAll();
    }
  });
  // Another tab with the same page.
  addEventListener("storage", (event) => {
    if (event.key !== key) return;
    decisions = JSON.parse(event.newValue ?? "{}");
    showAll();
  });
  showAll();
})();
