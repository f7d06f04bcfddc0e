// Where collected digits go: to the server, or into a zip that the page saves.
//
// A store has: isLasting (whether digits are safe once added), add(digit) -> key, undo(key), counts(writer) -> {"0": n},
// and a store of the page alone zip() -> Blob. A digit is { writer, label, png: Blob, strokes }.

import { downloadZip } from "../vendor/client-zip.js";
import { post } from "./server.js";

/** The file with the strokes of a writer. */
const STROKES_FILE = "strokes.ndjson";

/** Digits in the folder of the server. */
export class ServerStore {
  isLasting = true;

  async add({ writer, label, png, strokes }) {
    const { undo } = await post("collect", { writer, label, png: await base64(png), strokes });
    return undo;
  }

  async undo(undo) {
    await post("collect/undo", { undo });
  }

  async counts(writer) {
    return (await post("collect/counts", { writer })).counts;
  }
}

/** Digits in the page, until they are saved. */
export class PageStore {
  isLasting = false;
  #digits = [];

  get isEmpty() {
    return this.#digits.length === 0;
  }

  async add(digit) {
    this.#digits.push(digit);
    return digit;
  }

  async undo(digit) {
    this.#digits = this.#digits.filter((other) => other !== digit);
  }

  async counts(writer) {
    const counts = Object.fromEntries(Array.from({ length: 10 }, (_, label) => [label, 0]));
    for (const digit of this.#digits) if (digit.writer === writer) counts[digit.label]++;
    return counts;
  }

  /** All digits as {writer}/{label}/0001.png with their strokes beside, as the server writes them. */
  async zip() {
    const files = [];
    const lines = new Map();
    const numbers = new Map();
    for (const { writer, label, png, strokes } of this.#digits) {
      const folder = `${writer}/${label}`;
      const number = (numbers.get(folder) ?? 0) + 1;
      numbers.set(folder, number);
      const name = `${String(number).padStart(4, "0")}.png`;
      files.push({ name: `${folder}/${name}`, input: png });
      const drawing = strokes.map(({ x, y, t, p }) => (p ? [x, y, t, p] : [x, y, t]));
      const line = JSON.stringify({ word: String(label), picture: `${label}/${name}`, drawing });
      lines.set(writer, `${lines.get(writer) ?? ""}${line}\n`);
    }
    for (const [writer, text] of lines) files.push({ name: `${writer}/${STROKES_FILE}`, input: text });
    return downloadZip(files).blob();
  }
}

async function base64(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** What is wrong with the name of a writer: the key of a text, or nothing. The server checks it too. */
export function faultOfName(name) {
  if (name === "") return "name.empty";
  if (!/^[\p{L}\p{N}\p{M}_ -]+$/u.test(name) || name.startsWith("-")) return "name.odd";
  const words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
  if (!/\p{L}/u.test(name) || words.includes(name.toLowerCase())) return "name.label";
  return undefined;
}
