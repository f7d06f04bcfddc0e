// The WebAssembly of the page that is one file gives what the commands give, to the bit: pixels, answers, losses,
// weights. Here it runs in Node.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import test from "node:test";
import { bin, run, scratch } from "../lib/browser.mjs";
import { engine, missing, modelOf, onePage } from "../lib/one-file.mjs";
import { trained } from "../lib/serve.mjs";

const golden = resolve(import.meta.dirname, "../../crates/digit-image/tests/golden");
const folder = scratch(test);
// One network with a detector that is trained here, and the built-in one.
const model = missing ? undefined : trained(folder);
const own = missing ? undefined : readFileSync(join(model, "c", "model.safetensors"));
const source = join(folder, "source");

/** Files of all formats, whole and damaged, and some drawn digits. */
function pictures() {
  const endings = /\.(png|tif|bmp|jp2|j2k)$/;
  const stored = ["formats", "jpeg2000"].flatMap((name) => readdirSync(join(golden, name)).map((file) => join(golden, name, file)));
  const drawn = readdirSync(source).filter((name) => name.endsWith(".png")).slice(0, 60).map((name) => join(source, name));
  const files = [...stored.filter((file) => endings.test(file)), ...drawn];
  const half = join(folder, "half.png");
  writeFileSync(half, readFileSync(drawn[0]).subarray(0, 200));
  writeFileSync(join(folder, "no.png"), "this is no picture");
  writeFileSync(join(folder, "lies.bmp"), Buffer.from("424d36000000000000003600000028000000ffffff7fffffff7f0100180000000000", "hex"));
  return [...files, half, join(folder, "no.png"), join(folder, "lies.bmp")];
}

test("the WebAssembly asks for one function; what libraries bring is never called", { skip: missing }, () => {
  const own = engine().imports.filter(({ module }) => !module.startsWith("__wbindgen"));
  assert.deepEqual(own, [{ module: "page", name: "tell", kind: "function" }]);
});

test("answers are equal to those of digit-predict", { skip: missing }, () => {
  const files = pictures();
  for (const [bytes, words] of [[modelOf(onePage), []], [own, ["--model", model]]]) {
    const { ask, json } = engine();
    ask("load", bytes);
    const lines = run("digit-predict", ...words, "--json", "--min-confidence", "0.5", ...files).trim().split("\n");
    assert.equal(lines.length, files.length);
    for (const [at, line] of lines.entries()) {
      const { path, ...answer } = JSON.parse(line);
      assert.equal(JSON.stringify(json("predict_file", readFileSync(files[at]))), JSON.stringify(answer), path);
    }
    const labels = lines.map((line) => JSON.parse(line).label);
    assert.ok(labels.filter((label) => label !== null).length > 50 && labels.includes(null), labels.join());
  }
});

test("pixels are equal to those of digit-labeler", { skip: missing }, () => {
  const { ask } = engine();
  ask("load", own);
  const lines = (name) => readFileSync(join(folder, "data", name), "utf8").trimEnd().split("\n").slice(1);
  const rows = lines("20x20_info.rows.csv").map((line) => line.split(",").at(-1));
  const pixels = lines("20x20_info.csv");
  for (let row = 0; row < rows.length; row += 10) {
    const seen = ask("prepare_file", readFileSync(join(source, rows[row])));
    assert.equal([...seen].join(), pixels[row].split(",").slice(0, 400).join(), rows[row]);
  }
});

test("a canvas gives what its PNG gives", { skip: missing }, () => {
  const { ask } = engine();
  ask("load", own);
  // An upright bar with soft borders on paper, as P6 holds it, and as a canvas does.
  const gray = (x, y) => (y > 12 && y < 88 ? Math.min(255, Math.abs(x - 50) * 30) : 255);
  const at = Array.from({ length: 10_000 }, (_, i) => gray(i % 100, Math.floor(i / 100)));
  const ppm = Buffer.concat([Buffer.from("P6 100 100 255\n"), Buffer.from(at.flatMap((g) => [g, g, g]))]);
  const canvas = Buffer.from(at.flatMap((g) => [g, g, g, 255]));
  const [file, drawn] = [ask("prepare_file", ppm), ask("prepare_canvas", canvas, 100, 100)];
  assert.ok(file.equals(drawn) && file.some((pixel) => pixel < 100));
  assert.equal(ask("predict_file", ppm).toString(), ask("predict_canvas", canvas, 100, 100).toString());
});

/** Drawn digits as a class would collect them: {writer}/{label}/0001.png. */
function collect(into, perWriter, labels = "0123456789") {
  const names = readdirSync(source).filter((name) => labels.includes(name[0]));
  const collected = [];
  for (const [at, writer] of ["kim", "이서연"].entries()) {
    for (const label of labels) {
      const of = names.filter((name) => name.startsWith(`${label}_`)).slice(at * perWriter, (at + 1) * perWriter);
      for (const [k, name] of of.entries()) {
        const path = `${writer}/${label}/${String(k + 1).padStart(4, "0")}.png`;
        mkdirSync(join(into, "digits", writer, label), { recursive: true });
        cpSync(join(source, name), join(into, "digits", path));
        collected.push({ path: Buffer.from(path), bytes: readFileSync(join(source, name)) });
      }
    }
  }
  return collected;
}

for (const [what, perWriter, labels, epochs] of [
  ["few digits, from the network of the page on", 2, "0123456789", 4],
  ["three digits, anew", 4, "137", 4],
  ["enough for a detector, split by writer", 22, "0123456789", 2],
]) {
  test(`training gives the bytes of mlp-train: ${what}`, { skip: missing }, () => {
    const into = join(folder, what.replaceAll(/\W/g, ""));
    const heard = [];
    const { ask, json } = engine((line) => heard.push(line));
    ask("load", modelOf(onePage));
    for (const { path, bytes } of collect(into, perWriter, labels)) ask("add_picture", Buffer.concat([path, bytes]), path.length);
    const { config, commands, rejected } = json("plan");
    assert.deepEqual(rejected, []);
    assert.equal("file" in Object(config.init), labels.length === 10);
    const text = JSON.stringify({ ...config, epochs });
    const { files, summary } = json("train", Buffer.from(text));
    assert.deepEqual(heard.map(({ epoch }) => epoch), Array.from({ length: epochs }, (_, at) => at + 1));
    const file = (name) => ask("file", Buffer.from(name));
    writeFileSync(join(into, "config.json"), text);
    writeFileSync(join(into, "start.safetensors"), file("start.safetensors"));
    for (const command of commands) {
      const [program, ...words] = command.split(" ");
      execFileSync(join(bin, program), words, { cwd: into, stdio: "pipe" });
    }
    const differ = ["timing.csv", "log.txt", "config.json", "start.safetensors"];
    const same = files.filter((name) => !differ.includes(name));
    for (const name of ["model.safetensors", "metrics.csv", "predictions.csv", "histograms.csv", "summary.json"]) assert.ok(same.includes(name), name);
    for (const name of same) assert.ok(file(name).equals(readFileSync(join(into, "runs", "taught", name))), `${name} differs`);
    assert.equal(summary.epochs, epochs);
    const hasDetector = file("model.safetensors").includes("detector.layers.0.weight");
    assert.equal(hasDetector, perWriter === 22);
  });
}
