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
run("mlp-report", join(folder, "runs"), "--out", join(folder, "korean"), "--lang", "ko");
const page = address(join(folder, "report", "index.html"));
const korean = address(join(folder, "korean", "index.html"));

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

for (const scheme of ["light", "dark"]) {
  test(`the Korean report is accessible and all that scripts say on it is Korean, ${scheme}`, async () => {
    const { page: opened, faults } = await open(chromium, korean, { scheme });
    await opened.$$eval("details", (folds) => folds.forEach((fold) => (fold.open = true)));
    // The events of the folds run before the next frame.
    await opened.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    await accessible(opened);
    const said = await opened.evaluate(() => {
      const elements = [...document.body.querySelectorAll("*:not(script):not(style)")];
      const texts = elements.flatMap((element) => [...element.childNodes].filter((node) => node.nodeType === 3));
      const aloud = ["aria-label", "placeholder", "title", "data-empty"];
      return [
        ...texts.map((node) => node.textContent),
        ...elements.flatMap((element) => aloud.map((name) => element.getAttribute(name) ?? "")),
      ];
    });
    assert.ok(said.some((text) => text.includes("로그 눈금")) && said.some((text) => text.includes("칸을 고르면")));
    assert.deepEqual(said.filter((text) => /[a-z]+ [a-z]+ [a-z]+/i.test(text)), []);
    assert.deepEqual(faults, []);
  });
}
