// Paper to draw on with a mouse, a finger or a pen.

import { Drawing, SIDE, trace, traceEnd } from "./drawing.js";

/** Paper in a canvas. Sends `change` while one draws, after undo and clear, and `end` after each stroke. */
export class Pad extends EventTarget {
  drawing = new Drawing();
  #canvas;
  #context;
  #pointer;
  #picture;

  constructor(canvas) {
    super();
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d");
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    canvas.addEventListener("pointerup", (event) => this.#up(event));
    canvas.addEventListener("pointercancel", (event) => this.#up(event));
    // A long press must not select or open a menu.
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
    new ResizeObserver(() => this.#resize()).observe(canvas);
  }

  clear() {
    this.#picture = undefined;
    this.drawing.clear();
    this.#pointer = undefined;
    this.#redraw();
    this.#tell("change");
  }

  undo() {
    this.drawing.undo();
    this.#redraw();
    this.#tell("change");
  }

  /** Shows a picture instead of a drawing. */
  show(picture) {
    this.drawing.clear();
    this.#picture = picture;
    this.#redraw();
  }

  #tell(name) {
    this.dispatchEvent(new Event(name));
  }

  #down(event) {
    // One pointer draws; a palm beside it does not. Only the main button of a mouse draws.
    if (this.#pointer !== undefined || event.button !== 0) return;
    event.preventDefault();
    this.#resize();
    if (this.#picture) {
      this.#picture = undefined;
      this.#redraw();
    }
    this.#pointer = event.pointerId;
    try {
      this.#canvas.setPointerCapture(event.pointerId);
    } catch {
      // A pointer that a program made cannot be captured.
    }
    this.drawing.begin(event.pointerType === "pen");
    this.#take(event);
  }

  #move(event) {
    if (event.pointerId !== this.#pointer) return;
    // All points between two frames, so that a fast stroke is as smooth as a slow one.
    const between = event.getCoalescedEvents?.() ?? [];
    for (const point of between.length > 0 ? between : [event]) this.#take(point);
  }

  #up(event) {
    if (event.pointerId !== this.#pointer) return;
    this.#pointer = undefined;
    traceEnd(this.#context, this.drawing.strokes.at(-1));
    this.#tell("change");
    this.#tell("end");
  }

  #take(event) {
    const box = this.#canvas.getBoundingClientRect();
    const stroke = this.drawing.strokes.at(-1);
    const before = stroke.x.length;
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    this.drawing.add((x / box.width) * SIDE, (y / box.height) * SIDE, event.timeStamp, event.pressure);
    if (stroke.x.length === before) return;
    trace(this.#context, stroke, before);
    this.#tell("change");
  }

  #resize() {
    const side = Math.round(this.#canvas.clientWidth * devicePixelRatio);
    if (side === 0 || side === this.#canvas.width) return;
    this.#canvas.width = side;
    this.#canvas.height = side;
    this.#redraw();
  }

  #redraw() {
    const context = this.#context;
    const side = this.#canvas.width;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = "#fff";
    context.fillRect(0, 0, side, side);
    context.setTransform(side / SIDE, 0, 0, side / SIDE, 0, 0);
    if (this.#picture) {
      const { naturalWidth: width, naturalHeight: height } = this.#picture;
      const scale = SIDE / Math.max(width, height);
      const [w, h] = [width * scale, height * scale];
      context.drawImage(this.#picture, (SIDE - w) / 2, (SIDE - h) / 2, w, h);
    }
    for (const stroke of this.drawing.strokes) {
      trace(context, stroke);
      traceEnd(context, stroke);
    }
  }
}
