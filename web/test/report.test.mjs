// The report page of two short runs on drawn digits.
import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { accessible, address, browser, open, run, scratch, scrollsSideways } from "../lib/browser.mjs";

const folder = scratch(test);
const chromium = await browser(test);

run("digit-source", "draw", join(folder, "source"), "--count", "200", "--labels", "1-3");
run("digit-labeler", join(folder, "source"), join(folder, "labelled"), "--labels", "1-3");
run("digit-csv", join(folder, "labelled"), join(folder, "data"));
for (const name of ["a", "b"]) {
  const config = join(folder, `${name}.json`);
  run("mlp-train", "new", config, "--data", join(folder, "data", "20x20_info.csv"));
  run("mlp-train", config, "--hidden", name === "a" ? "8" : "16", "--epochs", "4", "--out", join(folder, "runs"));
}
run("mlp-report", join(folder, "runs"), "--out", join(folder, "report"));
const page = address(join(folder, "report", "index.html"));

for (const scheme of ["light", "dark"]) {
  test(`the report is accessible and asks for nothing, ${scheme}`, async () => {
    const { page: opened, faults } = await open(chromium, page, { scheme });
    await accessible(opened);
    assert.deepEqual(faults, []);
  });
}

test("the report does not scroll sideways on a phone", async () => {
  const { page: opened } = await open(chromium, page, { width: 390, height: 800 });
  assert.equal(await scrollsSideways(opened), false);
});
