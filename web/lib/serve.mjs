// A server under test: a network trained on a few drawn digits, and `digit-predict serve` on a free port.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { bin, run } from "./browser.mjs";

/** Trains a small network on drawn digits in a folder and returns its run folder. */
export function trained(folder) {
  run("digit-source", "draw", join(folder, "source"), "--count", "1200", "--sizes", "20", "--labels", "0-9");
  run("digit-labeler", join(folder, "source"), join(folder, "labelled"), "--labels", "0-9", "--preprocess", "standard");
  run("digit-csv", join(folder, "labelled"), join(folder, "data"));
  const config = join(folder, "c.json");
  run("mlp-train", "new", config, "--data", join(folder, "data", "20x20_info.csv"));
  run("mlp-train", config, "--hidden", "64", "--epochs", "12", "--out", join(folder, "runs"));
  return join(folder, "runs");
}

/** Starts a server and waits for its address. It is stopped when the test file ends. */
export async function serve(test, ...words) {
  const child = spawn(join(bin, "digit-predict"), ["serve", "--port", "0", "--json", ...words]);
  test.after(() => child.kill("SIGTERM"));
  let said = "";
  child.stderr.on("data", (data) => (said += data));
  const line = await new Promise((resolve, reject) => {
    child.stdout.once("data", (data) => resolve(String(data)));
    child.once("exit", (code) => reject(new Error(`digit-predict serve: exit code ${code}\n${said}`)));
  });
  return JSON.parse(line);
}
