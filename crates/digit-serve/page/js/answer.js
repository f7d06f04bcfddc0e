// Shows an answer: the digit, a sentence, the probabilities, and what happened to the picture.

import { at, element } from "./dom.js";
import { hasText, percent, text } from "./texts.js";

/** Below this probability a bar has no number. */
const SHOWN = 0.001;

/** The part of the page that shows answers. */
export class AnswerView {
  #about;
  #bars = new Map();

  constructor(about) {
    this.#about = about;
    at("answer-bars").replaceChildren(...about.labels.map((label) => this.#bar(label)));
    this.blank();
  }

  #bar(label) {
    const share = element("div", { className: "share" });
    const number = element("span", { className: "number" });
    this.#bars.set(String(label), { share, number });
    return element("li", {}, element("span", { textContent: label }), element("div", { className: "track" }, share), number);
  }

  /** There is no picture. */
  blank() {
    this.#show("–", true, text("answer.blank"), {});
    at("steps-part").hidden = true;
    at("answer-live").textContent = "";
  }

  /** Shows an answer while one draws. */
  show(answer) {
    const { label, probabilities, error } = answer;
    this.#show(label ?? "–", label === null, sentence(answer, this.#about), probabilities ?? {});
    document.body.dataset.answer = label ?? (error ? "error" : "refused");
  }

  /** Shows an explanation when one rests, and tells it to screen readers. */
  explain({ answer, stages, seen }) {
    this.show(answer);
    at("answer-live").textContent = sentence(answer, this.#about);
    const [changed, idle] = [stages.filter((stage) => stage.changed), stages.filter((stage) => !stage.changed)];
    const figures = changed.map((stage) => figure(stage.png, nameOf(stage), aboutOf(stage)));
    if (seen) {
      const canvas = text("draw.seen.about", { canvas: this.#about.canvas });
      const last = figure(seen, text("draw.seen"), canvas);
      last.className = "seen";
      figures.push(last);
    }
    at("steps").replaceChildren(...figures);
    const names = idle.map(nameOf).join(", ");
    at("steps-idle").textContent = idle.length > 0 ? text("draw.idle", { names }) : "";
    at("steps-part").hidden = figures.length === 0;
  }

  #show(digit, isUnsure, words, probabilities) {
    at("answer-digit").textContent = digit;
    at("answer-digit").classList.toggle("unsure", isUnsure);
    at("answer-sentence").textContent = words;
    for (const [label, { share, number }] of this.#bars) {
      const probability = probabilities[label] ?? 0;
      share.style.width = `${100 * probability}%`;
      number.textContent = probability >= SHOWN ? percent(probability) : "";
    }
  }
}

function sentence({ label, probabilities, confidence, error }, about) {
  if (error) return reason(error);
  const values = { label, confidence: percent(confidence), least: percent(about.min_confidence) };
  if (label !== null) return text("answer.sure", values);
  const [[likely]] = Object.entries(probabilities).sort((a, b) => b[1] - a[1]);
  return text("answer.unsure", { ...values, label: likely });
}

/** What is wrong with a picture, in the words of the page where it has some. */
function reason(error) {
  const several = /^several digits: expected one digit, found (\d+)/.exec(error);
  if (several) return text("answer.several", { count: several[1] });
  if (error.startsWith("no ink")) return text("answer.noink");
  if (error.startsWith("too wide")) return text("answer.wide");
  if (error.startsWith("cut at the border")) return text("answer.cut");
  return text("answer.error", { error });
}

const nameOf = ({ name }) => (hasText(`step.${name}`) ? text(`step.${name}`) : name);

function aboutOf({ name, about, width_px, height_px }) {
  const size = text("draw.size", { width: width_px, height: height_px });
  return `${hasText(`step.${name}.about`) ? text(`step.${name}.about`) : about} (${size})`;
}

function figure(png, name, about) {
  const picture = element("img", { src: `data:image/png;base64,${png}`, alt: "" });
  const caption = element("figcaption", {}, element("b", { textContent: name }), about);
  return element("li", {}, element("figure", {}, picture, caption));
}
