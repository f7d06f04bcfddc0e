// The page that is one file, and its WebAssembly in Node: PAGE names another page than that of `just page`.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";

/** The page. */
export const onePage = resolve(process.env.PAGE ?? join(import.meta.dirname, "../../target/page/digits.html"));

/** Why its tests are skipped, or false. */
export const missing = existsSync(onePage) ? false : `${onePage} is not there: just page builds it`;

/** What an element of the page holds. */
function inside(id, page = onePage) {
  const [, text] = readFileSync(page, "utf8").match(new RegExp(`<script type="text/plain" id="${id}">([^<]*)</script>`));
  return Buffer.from(text, "base64");
}

/** The model inside a page. */
export const modelOf = (page) => inside("model", page);

/** The functions of digit-wasm; `heard` is told each line of a training. */
export function engine(heard = () => {}) {
  const text = (address, length) => Buffer.from(exported.memory.buffer, address, length).toString();
  const tell = (address, length) => heard(JSON.parse(text(address, length)));
  const module = new WebAssembly.Module(gunzipSync(inside("wasm")));
  const all = { page: { tell } };
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    all[from] ??= {};
    all[from][name] ??= () => assert.fail(`${from}.${name} is called`);
  }
  const exported = new WebAssembly.Instance(module, all).exports;
  /** Calls a function with bytes and numbers; its answer in bytes. */
  const ask = (call, bytes = Buffer.alloc(0), ...numbers) => {
    const address = exported.input(bytes.length);
    new Uint8Array(exported.memory.buffer, address, bytes.length).set(bytes);
    const status = exported[call](...numbers);
    const answer = Buffer.from(new Uint8Array(exported.memory.buffer, exported.output(), exported.output_len()));
    if (status !== 0) throw new Error(answer.toString());
    return answer;
  };
  return { ask, json: (...words) => JSON.parse(ask(...words).toString()), imports: WebAssembly.Module.imports(module) };
}
