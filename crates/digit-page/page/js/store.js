// Where collected digits go: to the server, or into a zip that the page saves.
//
// A store has: isLasting (whether digits are safe once added), add(digit) -> key, undo(key), counts(writer) -> {"0": n},
// and a store of the page alone pictures() and zip() -> Blob. A digit is { writer, label, png: Blob, strokes }.

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

  /** The pictures as {writer}/{label}/0001.png, as the server writes them. */
  pictures() {
    const numbers = new Map();
    return this.#digits.map(({ writer, label, png, strokes }) => {
      const folder = `${writer}/${label}`;
      const number = (numbers.get(folder) ?? 0) + 1;
      numbers.set(folder, number);
      return { name: `${folder}/${String(number).padStart(4, "0")}.png`, input: png, writer, label, strokes };
    });
  }

  /** The pictures and their strokes. */
  async zip() {
    const pictures = this.pictures();
    const files = pictures.map(({ name, input }) => ({ name, input }));
    const lines = new Map();
    for (const { name, writer, label, strokes } of pictures) {
      const drawing = strokes.map(({ x, y, t, p }) => (p ? [x, y, t, p] : [x, y, t]));
      const line = JSON.stringify({ word: String(label), picture: name.slice(writer.length + 1), drawing });
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
