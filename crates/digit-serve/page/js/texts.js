// Texts of the page in the language of its reader. All of them are in texts.en.js and texts.ko.js.

import en from "./texts.en.js";
import ko from "./texts.ko.js";

const tables = { en, ko };
let table = en;

/** Chooses a language; English if there is no such table. */
export function choose(lang) {
  table = tables[lang] ?? en;
  document.documentElement.lang = table === ko ? "ko" : "en";
}

/** The text of a key, with values for its {names}. */
export function text(key, values = {}) {
  const found = table[key] ?? en[key] ?? key;
  return found.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** Whether there is a text for a key. */
export const hasText = (key) => key in table;

/** A share of 1 in percent, as the language writes it. */
export const percent = (share) =>
  new Intl.NumberFormat(document.documentElement.lang, { style: "percent", maximumFractionDigits: share > 0.99 || share < 0.1 ? 1 : 0 }).format(share);

/** Fills in the texts that the page itself names. */
export function fill() {
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = text(node.dataset.t);
  for (const node of document.querySelectorAll("[data-t-label]")) node.setAttribute("aria-label", text(node.dataset.tLabel));
}
