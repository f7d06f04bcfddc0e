// The tab "Teach": trains on what was collected, then another network answers.

import { at } from "./dom.js";
import { get, post } from "./server.js";
import { percent, text } from "./texts.js";

/** How often the server is asked how far it is. */
const POLL_MS = 1000;

/** Sets up the tab; `renewed` is called when another network answers, `draw` when one wants to draw with it. */
export function setUpTeach(renewed, draw, fail) {
  let began;

  async function look() {
    const progress = await get("teach");
    show(progress);
    if (progress.state === "running") setTimeout(() => look().catch(fail), POLL_MS);
    else if (began !== undefined) {
      began = undefined;
      if (progress.state === "done") await renewed();
    }
  }

  function show({ state, command, lines, accuracy, error, has_report }) {
    began ??= state === "running" ? performance.now() : undefined;
    const isDone = state === "done";
    const key = isDone && accuracy !== null ? "accuracy" : state;
    const seconds = Math.round((performance.now() - (began ?? performance.now())) / 1000);
    at("teach-state").textContent = text(`teach.${key}`, { error, seconds, accuracy: percent(accuracy ?? 0) });
    at("teach-state").classList.toggle("fault", state === "failed");
    at("teach-start").disabled = state === "running";
    at("teach-done").hidden = !isDone;
    at("teach-done").querySelector("a").hidden = !has_report;
    at("teach-part").hidden = state === "idle";
    at("teach-command").textContent = command;
    at("teach-lines").textContent = lines.join("\n");
  }

  at("teach-start").addEventListener("click", async () => {
    try {
      began = performance.now();
      show(await post("teach", {}));
      await look();
      fail();
    } catch (fault) {
      fail(fault);
    }
  });
  at("teach-draw").addEventListener("click", draw);
  look().catch(fail);
}
