// Pictures of test rows in the report: a cell of the confusion matrix shows its pictures, by mouse and by keyboard.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { accessible, address, browser, open, run, scratch, scrollsSideways } from "../lib/browser.mjs";

const folder = scratch(test);
const chromium = await browser(test);

run("digit-source", "draw", join(folder, "source"), "--count", "300", "--labels", "1-5", "--sizes", "20");
run("digit-labeler", join(folder, "source"), join(folder, "labelled"), "--labels", "1-5");
run("digit-csv", join(folder, "labelled"), join(folder, "data"));
const config = join(folder, "a.json");
run("mlp-train", "new", config, "--data", join(folder, "data", "20x20_info.csv"));
run("mlp-train", config, "--hidden", "12", "--epochs", "3", "--out", join(folder, "runs"));
run("mlp-report", join(folder, "runs"), "--out", join(folder, "report"), "--pictures", join(folder, "source"));
const page = address(join(folder, "report", "index.html"));

/** The titles of the cells whose pictures are visible. */
const shown = (opened) =>
  opened.$$eval(".gallery .cell h3", (all) => all.filter((h3) => h3.checkVisibility()).map((h3) => h3.textContent));
const status = (opened) => opened.$eval(".gallery [role=status]", (element) => element.textContent);

test("a click on a cell shows its pictures alone, a second click all misclassified ones", async () => {
  const { page: opened, faults } = await open(chromium, page);
  const before = await shown(opened);
  assert.ok(before.length > 1 && before.every((title) => !/Label (\d), predicted \1:/.test(title)), before.join());
  const link = await opened.$(".matrix td.wrong a");
  const name = await link.evaluate((element) => element.getAttribute("aria-label"));
  await link.click();
  const alone = await shown(opened);
  assert.equal(alone.length, 1);
  assert.equal(`${name.split(": ")[1]}: `, alone[0].slice(0, name.split(": ")[1].length + 2).replace("Label", "label"));
  assert.equal(await status(opened), alone[0]);
  const pictures = await opened.$$eval(".gallery .cell:not([hidden]) img", (all) =>
    all.map((img) => [img.complete, img.naturalWidth, img.width, getComputedStyle(img).imageRendering]),
  );
  assert.ok(pictures.length > 0);
  for (const picture of pictures) assert.deepEqual(picture, [true, 20, 100, "pixelated"]);
  await accessible(opened);
  await link.click();
  assert.deepEqual(await shown(opened), before);
  assert.deepEqual(faults, []);
});

test("cells are chosen and left by keyboard", async () => {
  const { page: opened, faults } = await open(chromium, page);
  const before = await shown(opened);
  await opened.focus(".matrix td.right a");
  await opened.keyboard.press("Enter");
  assert.match((await shown(opened)).join(), /^Label (\d), predicted \1: [^L]*$/);
  const focused = () => opened.evaluate(() => document.activeElement.getAttribute("aria-label"));
  // Which cells have pictures depends on what was learned; a row or a column has two of them, as something is wrong.
  const [place, key] = await opened.evaluate(() => {
    const links = [...document.querySelector(".matrix").querySelectorAll("td a")];
    const cell = (link) => link.closest("td");
    for (const [place, link] of links.entries()) {
      for (const later of links.slice(place + 1)) {
        if (cell(later).parentElement === cell(link).parentElement) return [place, "ArrowRight"];
        if (cell(later).cellIndex === cell(link).cellIndex) return [place, "ArrowDown"];
      }
    }
    return [0, "ArrowDown"];
  });
  await (await opened.$$(".matrix td a"))[place].focus();
  const from = await focused();
  await opened.keyboard.press(key);
  const next = await focused();
  assert.notEqual(next, from);
  await opened.keyboard.press("Enter");
  assert.equal((await shown(opened)).length, 1);
  await opened.focus(".matrix button");
  await opened.keyboard.press("Enter");
  assert.deepEqual(await shown(opened), before);
  assert.equal(await focused(), next);
  assert.deepEqual(faults, []);
});

test("without JavaScript all pictures are there and cells lead to theirs", async () => {
  const opened = await chromium.newPage();
  await opened.setJavaScriptEnabled(false);
  await opened.goto(page);
  const titles = await opened.$$eval(".gallery .cell h3", (all) => all.map((h3) => h3.offsetHeight > 0));
  const links = await opened.$$eval(".matrix a", (all) => all.map((a) => document.querySelector(a.hash) !== null));
  assert.ok(titles.length > 0 && titles.every(Boolean) && links.length === titles.length && links.every(Boolean));
  assert.equal(await opened.$eval(".matrix button", (button) => button.offsetHeight), 0);
});

test("pictures lead to their originals", async () => {
  const { page: opened } = await open(chromium, page);
  const hrefs = await opened.$$eval(".sample a, .small a", (all) => all.map((a) => a.href));
  assert.ok(hrefs.length > 10);
  for (const href of hrefs) assert.ok(existsSync(fileURLToPath(href)), href);
});

for (const scheme of ["light", "dark"]) {
  test(`weights and classes are pictures with words, ${scheme}`, async () => {
    const { page: opened, faults } = await open(chromium, page, { scheme });
    const weights = await opened.$eval(".signed img", (img) => [img.complete, img.naturalWidth, img.alt]);
    assert.deepEqual(weights.slice(0, 2), [true, 10 * 21 + 1]);
    assert.match(weights[2], /^Weights of the first layer of a, one for each pixel: all 12 units/);
    assert.equal(await opened.$$eval(".strip", (all) => all.length), 5);
    await accessible(opened);
    assert.deepEqual(faults, []);
  });
}

test("a phone shows matrix and pictures without scrolling sideways", async () => {
  const { page: opened } = await open(chromium, page, { width: 390, height: 800 });
  assert.equal(await scrollsSideways(opened), false);
  const wide = await opened.$eval(".matrix .wide", (box) => box.scrollWidth - box.clientWidth);
  assert.equal(wide, 0);
  await opened.click(".matrix td.wrong a");
  assert.equal((await shown(opened)).length, 1);
  const top = await opened.$eval(".cell:not([hidden])", (cell) => cell.getBoundingClientRect().top);
  assert.ok(top < 800, `the pictures begin at ${top}`);
});
