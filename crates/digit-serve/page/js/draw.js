// The tab "Draw": a drawing or a picture file to an answer, while one draws.

import { AnswerView } from "./answer.js";
import { after, at } from "./dom.js";
import { png } from "./drawing.js";
import { Pad } from "./pad.js";
import { MAX_PICTURE_BYTES } from "./server.js";
import { text } from "./texts.js";

/** Side of the picture of a drawing: more than the network sees, so that preprocessing has strokes to work on. */
const SIDE_PX = 140;
/** The steps are shown when one has rested for this time. */
const REST_MS = 250;

/** Sets up the tab; `fail` shows a fault. */
export function setUpDraw(predictor, about, fail) {
  const pad = new Pad(at("draw-pad"));
  let view = new AnswerView(about);
  // Rises with every change: an answer for an earlier picture is not shown.
  let version = 0;
  let isAsking = false;

  const blob = () => png(pad.drawing, SIDE_PX);

  /** Asks again and again while the drawing changes, one request at a time. */
  async function predict() {
    if (isAsking) return;
    isAsking = true;
    try {
      let asked;
      do {
        asked = version;
        if (pad.drawing.isEmpty) break;
        const answer = await predictor.predict(await blob());
        if (!pad.drawing.isEmpty) view.show(answer);
      } while (asked !== version);
      fail();
    } catch (fault) {
      fail(fault);
    } finally {
      isAsking = false;
    }
  }

  async function explain(of, shown) {
    const asked = version;
    try {
      const explanation = await predictor.explain(await of());
      if (asked !== version) return;
      view.explain(explanation);
      shown?.(explanation);
      fail();
    } catch (fault) {
      fail(fault);
    }
  }

  const explainAfterRest = after(REST_MS, () => pad.drawing.isEmpty || explain(blob));

  pad.addEventListener("change", () => {
    version++;
    at("draw-hint").textContent = pad.drawing.isEmpty ? text("draw.hint") : "";
    if (pad.drawing.isEmpty) {
      delete document.body.dataset.answer;
      view.blank();
      return;
    }
    predict();
    explainAfterRest();
  });

  function take(files) {
    const [file] = files;
    if (!file) return;
    version++;
    const most = MAX_PICTURE_BYTES / 1024 / 1024;
    const words = files.length > 1 ? text("draw.many", { count: files.length }) : file.name;
    at("draw-hint").textContent = file.size > MAX_PICTURE_BYTES ? text("draw.large", { most }) : words;
    if (file.size > MAX_PICTURE_BYTES) return;
    explain(
      () => file,
      ({ stages: [decoded] }) => {
        if (!decoded) return pad.show(undefined);
        const picture = new Image();
        picture.addEventListener("load", () => pad.show(picture), { once: true });
        picture.src = `data:image/png;base64,${decoded.png}`;
      },
    );
  }

  at("draw-hint").textContent = text("draw.hint");
  at("draw-clear").addEventListener("click", () => pad.clear());
  at("draw-undo").addEventListener("click", () => pad.undo());
  at("draw-file").addEventListener("change", (event) => {
    take([...event.target.files]);
    // The same file can be chosen again.
    event.target.value = "";
  });

  return {
    take,
    /** Keys: Escape clears, Ctrl+Z takes back a stroke. */
    key(event) {
      if (event.key === "Escape") pad.clear();
      else if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey)) pad.undo();
      else return;
      event.preventDefault();
    },
    /** Another network answers. */
    renew(next) {
      view = new AnswerView(next);
      pad.clear();
    },
  };
}
