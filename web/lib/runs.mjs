// Run folders as mlp-train leaves them, with curves and predictions made up here: in seconds there are hundreds of runs
// of a thousand epochs, each with its own. Nothing is random, so every call makes the same files.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const LABELS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/** A number from 0 to 1 that looks random and is the same each time (the fractional part of a sine). */
function noise(...seeds) {
  const value = Math.sin(seeds.reduce((sum, seed, i) => sum + seed * [12.9898, 78.233, 37.719, 4.581][i % 4], 1)) * 43758.5453;
  return value - Math.floor(value);
}

/** `epoch,..` a line: losses that fall and accuracies that rise towards `accuracy`, tested every `report` epochs. */
function metrics({ epochs, report, accuracy, test, seed }) {
  const lines = ["epoch,train_loss,train_accuracy,test_loss,test_accuracy,learning_rate"];
  for (let epoch = 1; epoch <= epochs; epoch += 1) {
    const rest = 1 / (1 + (6 * epoch) / epochs) - 1 / 7 + 0.002;
    const jitter = 1 + 0.2 * (noise(seed, epoch) - 0.5);
    const tested = epoch % report === 0 || epoch === epochs;
    const tests = tested ? `${0.4 + rest * jitter},${epoch === epochs ? test : accuracy - 0.5 * rest * jitter}` : ",";
    lines.push(`${epoch},${2 * rest * jitter},${1 - 0.6 * rest * jitter},${tests},0.001`);
  }
  return `${lines.join("\n")}\n`;
}

/** Test rows with their predictions: the wrong ones are taken for the digit behind theirs, more so 4 for 9. */
function predictions({ rows, accuracy, seed }) {
  const head = `row,label,predicted,${LABELS.map((label) => `p_${label}`).join(",")}`;
  const lines = [head];
  let correct = 0;
  for (let row = 0; row < rows; row += 1) {
    const label = row % 10;
    const isRight = noise(row, 7) * 0.7 + noise(seed, row, 3) * 0.3 < accuracy - 0.02;
    const predicted = isRight ? label : label === 4 ? 9 : (label + 1 + (row % 3)) % 10;
    correct += predicted === label;
    const share = LABELS.map((other) => (other === predicted ? 0.82 : 0.02));
    lines.push(`${row},${label},${predicted},${share.join(",")}`);
  }
  return { text: `${lines.join("\n")}\n`, correct };
}

/**
 * Writes a run folder. `config` has keys that replace those of the resolved config; a run with `diverged` has no
 * predictions.
 */
export function writeRun(folder, { name, seed = 1, hidden = [32], epochs = 50, report = 5, rows = 200, accuracy = 0.9,
  diverged = false, config = {} }) {
  mkdirSync(folder, { recursive: true });
  const own = seed + hidden.reduce((sum, width) => sum + width, 0) + accuracy * 100;
  const settings = {
    name, data: "20x20_info.csv", split: { by: "row", train: 0.8 }, scale: "unit", invert: true, hidden,
    activation: "relu", init: "he", optimizer: { sgd: { lr: 0.01 } }, batch: 10, epochs, shuffle: true, report,
    zero_loss: 0.005, stop_loss: null, seed, ...config,
  };
  const made = diverged ? { correct: null } : predictions({ rows, accuracy, seed: own });
  const test = diverged ? null : made.correct / rows;
  const table = metrics({ epochs, report, accuracy, test: test ?? 0.1, seed: own });
  const last = table.trimEnd().split("\n").at(-1).split(",").map(Number);
  const summary = {
    name, seed, hidden, epochs, data: "20x20_info.csv", labels: LABELS, activation: hidden.map(() => "relu"),
    outcome: diverged ? { diverged: { epoch: epochs + 1, learning_rate: 0.5, largest_weight: 1e30, layer: 2 } } : "learned",
    parameters: 400 * hidden[0] + hidden.reduce((sum, width) => sum + width * 10, 0), train_rows: 4 * rows, test_rows: rows,
    train_loss: diverged ? null : last[1], train_accuracy: diverged ? null : last[2], test_loss: diverged ? null : last[3],
    test_correct: made.correct, test_accuracy: test, zero_loss_epoch: null,
  };
  const stage = {
    format: 1, tool: "mlp-train", version: "0.1.0", settings, counts: {}, labels: LABELS,
    inputs: [{ name: "20x20_info.csv", sha256: "a".repeat(64), files: 1 }],
  };
  const write = (file, text) => writeFileSync(join(folder, file), text);
  const json = (value) => `${JSON.stringify(value, null, 2)}\n`;
  write("config.json", json(settings));
  write("metrics.csv", table);
  if (!diverged) write("predictions.csv", made.text);
  write("summary.json", json(summary));
  write("stage.json", json(stage));
}

/** A sweep: `count` runs, `seeds` of each experiment, over widths and learning rates. */
export function writeSweep(folder, count, { seeds = 5, ...run }) {
  const rates = [0.001, 0.003, 0.01, 0.03, 0.1];
  for (let i = 0; i < count; i += 1) {
    const experiment = Math.floor(i / seeds);
    const hidden = [8 * (1 + (experiment % 8)), 16];
    const lr = rates[Math.floor(experiment / 8) % rates.length];
    const name = `h${hidden[0]}-lr${lr}-${experiment}`;
    const accuracy = 0.75 + 0.02 * (experiment % 8) - 0.02 * Math.abs(Math.log10(lr / 0.01)) + 0.01 * noise(i);
    const seed = 1 + (i % seeds);
    writeRun(join(folder, name, `seed-${seed}`), { name, seed, hidden, accuracy, config: { optimizer: { sgd: { lr } } }, ...run });
  }
}
