// The tabs, as the ARIA practices describe them: arrow keys move between them, the address names the chosen one.

import { at } from "./dom.js";

/** Sets up the tabs that are not hidden; `chosen` is told the name of the chosen one. */
export function setUpTabs(chosen) {
  const tabs = [...document.querySelectorAll("[role=tab]")].filter((tab) => !tab.hidden);
  const nameOf = (tab) => tab.getAttribute("aria-controls");

  function choose(name) {
    const found = tabs.find((tab) => nameOf(tab) === name) ?? tabs[0];
    for (const tab of tabs) {
      const isChosen = tab === found;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      at(nameOf(tab)).hidden = !isChosen;
    }
    chosen(nameOf(found));
  }

  function go(name) {
    history.replaceState(null, "", `#${name}`);
    choose(name);
  }

  for (const [index, tab] of tabs.entries()) {
    tab.addEventListener("click", () => go(nameOf(tab)));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = tabs[(index + step + tabs.length) % tabs.length];
      next.focus();
      go(nameOf(next));
    });
  }
  addEventListener("hashchange", () => choose(location.hash.slice(1)));
  choose(location.hash.slice(1));
  return go;
}
