// The page as one file: what js/server.js asks a server for, this asks a worker for. It exports the same names.

import { downloadZip } from "../vendor/client-zip.js";

/** Longest picture that is taken. */
export const MAX_PICTURE_BYTES = 32 * 1024 * 1024;

/** What the worker has against a request. */
export class Fault extends Error {}

/** There is no server; nothing asks for one. */
export const post = async (path) => {
  throw new Fault(path);
};

/** A decoder or the memory gave up on a picture. */
class Trap extends Error {}

const encoder = new TextEncoder();
const json = (bytes) => JSON.parse(new TextDecoder().decode(bytes));

/** The bytes of an element that holds them in Base64. */
const inside = (id) => Uint8Array.from(atob(document.getElementById(id).textContent.trim()), (byte) => byte.charCodeAt(0));

/** A worker with the libraries. */
class Engine {
  #worker;
  #asked = new Map();
  #count = 0;
  /** Is told each line while a training goes on. */
  heard = () => {};

  constructor() {
    const address = URL.createObjectURL(new Blob([inside("worker")], { type: "text/javascript" }));
    this.#worker = new Worker(address);
    this.#worker.addEventListener("message", ({ data }) => this.#hear(data));
    this.#worker.addEventListener("error", ({ message }) => this.#hear({ id: 0, fault: message }));
    URL.revokeObjectURL(address);
    this.compiled = this.#send({ wasm: inside("wasm") });
  }

  /** Calls a function of digit-wasm. */
  ask(call, bytes = new Uint8Array(), ...numbers) {
    return this.#send({ call, bytes, numbers });
  }

  end() {
    this.#worker.terminate();
  }

  #send(message) {
    const id = this.#count++;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.#worker.postMessage({ id, ...message });
    });
  }

  #hear({ id, bytes, fault, trap, line }) {
    if (line) return this.heard(JSON.parse(line));
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    if (trap) asked?.reject(new Trap());
    else if (fault === undefined) asked?.resolve(bytes);
    else asked?.reject(new Fault(fault));
  }
}

const engine = new Engine();
let model = inside("model");
let loaded = engine.ask("load", model);

/** The answer for a picture that no decoder can be trusted with. */
const GIVEN_UP = {
  label: null,
  probabilities: null,
  confidence: 0,
  refused: false,
  error: "the decoder failed on what it holds, or it is too large for the memory of a page; copy or export it again",
};

/** Asks `predict` or `explain` about a picture file or a canvas. */
async function asked(what, picture, givenUp) {
  try {
    if (picture instanceof Blob) return json(await engine.ask(`${what}_file`, new Uint8Array(await picture.arrayBuffer())));
    const { width, height } = picture;
    const { data } = picture.getContext("2d").getImageData(0, 0, width, height);
    return json(await engine.ask(`${what}_canvas`, new Uint8Array(data.buffer), width, height));
  } catch (fault) {
    if (fault instanceof Trap) return givenUp;
    throw fault;
  }
}

/** The predictor of the page. */
export const predictor = {
  about: async () => {
    await engine.compiled;
    const own = { lang: navigator.language.slice(0, 2), collects: false, teaches: true, address: null };
    return { ...json(await loaded), ...own };
  },
  predict: (picture) => asked("predict", picture, GIVEN_UP),
  explain: (picture) => asked("explain", picture, { answer: GIVEN_UP, stages: [], seen: null }),
};

const IDLE = { state: "idle", command: "", lines: [], accuracy: null, error: null, has_report: false, saves: false };
let progress = IDLE;
/** Name and bytes of each file of the last training. */
let files = [];

/** Trains on digits, [{ name, input: Blob }, ..], in a worker of its own: one goes on drawing meanwhile. */
async function train(digits) {
  const trainer = new Engine();
  const say = (line) => progress.lines.push(line);
  try {
    await trainer.compiled;
    await trainer.ask("load", model);
    for (const { name, input } of digits) {
      const [path, bytes] = [encoder.encode(name), new Uint8Array(await input.arrayBuffer())];
      const both = new Uint8Array(path.length + bytes.length);
      both.set(path);
      both.set(bytes, path.length);
      await trainer.ask("add_picture", both, path.length);
    }
    const { config, commands, rows, labels, rejected } = json(await trainer.ask("plan"));
    progress.command = commands.join("\n");
    say(`${rows} pictures of the digits ${labels}`);
    for (const { source, reason } of rejected) say(`${source}: ${reason}`);
    trainer.heard = ({ epoch, epochs, train_loss: loss }) => say(`Epoch ${epoch} of ${epochs}: loss ${loss.toFixed(3)}`);
    const done = json(await trainer.ask("train", encoder.encode(JSON.stringify(config))));
    const made = [];
    for (const name of done.files) made.push({ name, input: await trainer.ask("file", encoder.encode(name)) });
    const taught = made.find(({ name }) => name === "model.safetensors");
    if (!taught) throw new Fault("the training diverged; collect more digits");
    model = taught.input;
    loaded = engine.ask("load", model);
    await loaded;
    files = made;
    progress = { ...progress, state: "done", accuracy: done.summary.test_accuracy, saves: true };
  } catch (fault) {
    const error = fault instanceof Trap ? "the memory of the page does not suffice" : fault.message;
    progress = { ...progress, state: "failed", error };
  } finally {
    trainer.end();
  }
}

/** Training in the page. */
export const teacher = {
  async start(store) {
    if (progress.state !== "running") {
      progress = { ...IDLE, lines: [], state: "running" };
      train(store.pictures());
    }
    return progress;
  },
  progress: async () => progress,
  /** The files of the last training, as a zip. */
  saved: () => downloadZip(files).blob(),
};
