// Puts the page together.

import { setUpCollect } from "./collect.js";
import { at } from "./dom.js";
import { setUpDraw } from "./draw.js";
import { Fault, predictor } from "./server.js";
import { setUpTabs } from "./tabs.js";
import { setUpTeach } from "./teach.js";
import { choose, fill, text } from "./texts.js";

/** Shows what went wrong, or nothing. */
function fail(fault) {
  const isUnreachable = fault instanceof Fault && fault.message === "unreachable";
  at("fault").textContent = isUnreachable ? text("fault.unreachable") : (fault?.message ?? "");
  at("fault").hidden = fault === undefined;
}

function tell(about) {
  const key = about.preprocessing === "none" ? "about.plain" : "about";
  const labels = about.labels.join(" ");
  at("about").textContent = text(key, { ...about, labels });
}

function setUpLanguage(lang) {
  const asked = new URLSearchParams(location.search).get("lang") ?? lang;
  choose(asked);
  fill();
  if (document.documentElement.lang === "ko") {
    Object.assign(at("lang"), { textContent: "English", href: "?lang=en", lang: "en", hreflang: "en" });
  }
}

/** Drop and paste work anywhere on the tab "Draw". */
function setUpFiles(isDrawing, take) {
  const files = (data) => [...(data?.files ?? [])];
  addEventListener("dragover", (event) => {
    event.preventDefault();
    document.body.classList.toggle("dropping", isDrawing());
  });
  addEventListener("dragleave", () => document.body.classList.remove("dropping"));
  addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("dropping");
    if (isDrawing()) take(files(event.dataTransfer));
  });
  addEventListener("paste", (event) => isDrawing() && take(files(event.clipboardData)));
}

async function main() {
  const about = await predictor.about();
  setUpLanguage(about.lang);
  tell(about);
  let tab;
  const draw = setUpDraw(predictor, about, fail);
  const keys = { draw, collect: setUpCollect(about, fail) };
  at("tab-teach").hidden = !about.teaches;
  const go = setUpTabs((chosen) => (tab = chosen));
  if (about.teaches) {
    const renewed = async () => {
      const next = await predictor.about();
      tell(next);
      draw.renew(next);
    };
    setUpTeach(renewed, () => go("draw"), fail);
  }
  setUpFiles(() => tab === "draw", draw.take);
  addEventListener("keydown", (event) => keys[tab]?.key(event));
  document.body.dataset.ready = "yes";
}

main().catch((fault) => {
  setUpLanguage(navigator.language.slice(0, 2));
  fail(fault);
});
