// The page of `digit-predict evaluate`: the built-in network on drawn digits.
import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { accessible, address, browser, open, run, scratch, scrollsSideways } from "../lib/browser.mjs";

const folder = scratch(test);
const chromium = await browser(test);

run("digit-source", "draw", join(folder, "source"), "--count", "120", "--labels", "0-9", "--seed", "9");
run("digit-predict", "evaluate", join(folder, "source"), "--out", join(folder, "evaluated"));
const page = address(join(folder, "evaluated", "index.html"));

for (const scheme of ["light", "dark"]) {
  test(`the evaluation is accessible and asks for nothing, ${scheme}`, async () => {
    const { page: opened, faults } = await open(chromium, page, { scheme });
    await accessible(opened);
    assert.deepEqual(faults, []);
  });
}

test("the evaluation in Korean is accessible", async () => {
  const korean = join(folder, "korean");
  run("digit-predict", "evaluate", join(folder, "source"), "--out", korean, "--lang", "ko");
  for (const options of [{ scheme: "light" }, { scheme: "dark" }, { width: 390, height: 800 }]) {
    const { page: opened, faults } = await open(chromium, address(join(korean, "index.html")), options);
    await accessible(opened);
    assert.equal(await scrollsSideways(opened), false);
    assert.match(await opened.$eval("main p", (one) => one.textContent), /^정확도 [01]\.\d{3}: 그림 120개 중 \d+개를/);
    assert.deepEqual(faults, []);
  }
});

test("the evaluation does not scroll sideways on a phone", async () => {
  const { page: opened } = await open(chromium, page, { width: 390, height: 800 });
  assert.equal(await scrollsSideways(opened), false);
});
