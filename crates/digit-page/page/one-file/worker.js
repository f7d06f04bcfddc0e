// The libraries as WebAssembly, in a worker: so that the page stays smooth while they read, predict and train.
//
// Messages in: { id, wasm } once (packed by gzip), then { id, call, bytes, numbers }: a function of digit-wasm and its
// input. Messages out: { id, bytes }, { id, fault }, { id, trap: true }, and { line } while a training goes on.
"use strict";

let compiled;
let exported;
// The model in use, for an instance that takes the place of one that trapped.
let model;

const tell = (address, length) =>
  postMessage({ line: new TextDecoder().decode(new Uint8Array(exported.memory.buffer, address, length)) });

async function compile(packed) {
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  compiled = await WebAssembly.compile(await new Response(unpacked).arrayBuffer());
  renew();
}

/** What the WebAssembly imports: `page.tell`, and what libraries for other programs bring, which nothing here calls. */
function imports() {
  const all = { page: { tell } };
  for (const { module, name } of WebAssembly.Module.imports(compiled)) {
    all[module] ??= {};
    all[module][name] ??= () => {
      throw new Error(`${module}.${name} is not there in this page`);
    };
  }
  return all;
}

/** Another instance: after a trap the memory of the one before cannot be trusted. */
function renew() {
  exported = new WebAssembly.Instance(compiled, imports()).exports;
  if (model) run("load", model, []);
}

function run(call, bytes, numbers) {
  // Memory may grow, and is another buffer then: the address first.
  const address = exported.input(bytes.length);
  new Uint8Array(exported.memory.buffer, address, bytes.length).set(bytes);
  const status = exported[call](...numbers);
  const [from, length] = [exported.output(), exported.output_len()];
  const answer = new Uint8Array(exported.memory.buffer, from, length).slice();
  if (status !== 0) throw new Error(new TextDecoder().decode(answer));
  if (call === "load") model = bytes;
  return answer;
}

async function answer({ id, wasm, call, bytes, numbers }) {
  try {
    if (wasm) {
      await compile(wasm);
      postMessage({ id, bytes: new Uint8Array() });
      return;
    }
    const found = run(call, bytes, numbers);
    postMessage({ id, bytes: found }, [found.buffer]);
  } catch (fault) {
    const hasTrapped = fault instanceof WebAssembly.RuntimeError || fault instanceof RangeError;
    if (hasTrapped && compiled) renew();
    postMessage(hasTrapped ? { id, trap: true } : { id, fault: fault.message });
  }
}

// One after the other, in their order.
let last = Promise.resolve();
onmessage = ({ data }) => (last = last.then(() => answer(data)));
