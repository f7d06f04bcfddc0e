// The page of `digit-predict serve`: draw, drop a file, collect on two clients at once, teach.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { accessible, browser, open, run, scratch, scrollsSideways } from "../lib/browser.mjs";
import { collect, draw, drop, ready, save, told } from "../lib/drawing.mjs";
import { serve, trained } from "../lib/serve.mjs";

const folder = scratch(test);
const chromium = await browser(test);
const model = trained(folder);
const collected = join(folder, "collected");
const learn = ["--", "--no-drawn", "--epochs", "2"];
const { address } = await serve(test, "--model", model, "--min-confidence", "0.2", "--collect", collected, ...learn);

const texts = (page, selector) => page.$$eval(selector, (nodes) => nodes.map((node) => node.textContent));

test("a digit is predicted as one draws, and its steps are shown", async () => {
  const { page, faults } = await open(chromium, address);
  await ready(page);
  for (const digit of [1, 7, 0]) {
    await draw(page, "#draw-pad", digit);
    await page.waitForFunction((digit) => document.body.dataset.answer === String(digit), {}, digit);
    await page.waitForFunction(
      (text) => document.getElementById("answer-live").textContent.includes(text),
      {},
      `This is a ${digit}.`,
    );
    const names = await texts(page, "#steps b");
    assert.equal(names[0], "picture");
    assert.ok(names.includes("ink") && names.includes("fit"), names.join());
    const sum = await page.$$eval("#answer-bars .share", (bars) => bars.reduce((sum, bar) => sum + parseFloat(bar.style.width), 0));
    assert.ok(Math.abs(sum - 100) < 0.1, `${sum}`);
    await page.keyboard.press("Escape");
    assert.equal(await page.$eval("#answer-digit", (node) => node.textContent), "–");
  }
  // An empty canvas is never predicted: nothing was asked since it was cleared.
  const before = (await (await fetch(new URL("health", address))).json()).pictures;
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.equal((await (await fetch(new URL("health", address))).json()).pictures, before);
  assert.deepEqual(faults, []);
});

test("a finger and a pen draw, too, and a stroke can be taken back", async () => {
  const { page, faults } = await open(chromium, address, { width: 390, height: 800 });
  await ready(page);
  const send = (type, points) =>
    page.$eval(
      "#draw-pad",
      (pad, type, points) => {
        const box = pad.getBoundingClientRect();
        const at = ([x, y]) => ({ clientX: box.left + x * box.width, clientY: box.top + y * box.height });
        const event = (name, point, pressure) =>
          pad.dispatchEvent(new PointerEvent(name, { pointerId: 7, pointerType: type, pressure, button: 0, bubbles: true, ...at(point) }));
        event("pointerdown", points[0], 0.5);
        for (const point of points) event("pointermove", point, 0.7);
        event("pointerup", points.at(-1), 0);
      },
      type,
      points,
    );
  const downwards = Array.from({ length: 20 }, (_, i) => [0.5, 0.15 + i * 0.035]);
  for (const type of ["touch", "pen"]) {
    await send(type, downwards);
    await page.waitForFunction(() => document.body.dataset.answer === "1");
    await page.keyboard.down("Control");
    await page.keyboard.press("z");
    await page.keyboard.up("Control");
    await page.waitForFunction(() => document.body.dataset.answer === undefined);
  }
  assert.deepEqual(faults, []);
});

test("a file is dropped; several digits, and what is no picture, are said in words", async () => {
  const { page, faults } = await open(chromium, address);
  await ready(page);
  const source = join(folder, "source");
  const [seven] = readdirSync(source).filter((name) => name.startsWith("7_"));
  await drop(page, seven, readFileSync(join(source, seven)));
  await told(page, "7");
  // Two bars of ink beside each other, as plain PGM.
  const pixel = (at) => ((at % 100 > 20 && at % 100 < 30) || (at % 100 > 70 && at % 100 < 80)) && at > 2000 && at < 8000;
  await drop(page, "two.pgm", `P2 100 100 255 ${Array.from({ length: 10000 }, (_, at) => (pixel(at) ? 0 : 255)).join(" ")} `);
  await told(page, "2 digits");
  await drop(page, "no.png", "this is no picture");
  await told(page, "cannot be used");
  await drop(page, "blank.pgm", `P2 40 40 255 ${"255 ".repeat(1600)}`);
  await told(page, "There is no digit");
  assert.deepEqual(faults, []);
});

/** Collects digits of a writer: one of each label, and one that is taken back. */
async function collectAll(client, writer) {
  const { page, faults } = await open(client, `${address}#collect`);
  await ready(page);
  await page.type("#collect-writer", writer);
  await page.$eval("#collect-count", (input) => (input.value = "1"));
  await page.click("#collect-form button");
  await page.waitForSelector("#collect-work:not([hidden])");
  const asked = () => page.$eval("#collect-ask", (node) => node.dataset.label);
  const isAsked = (before) =>
    page.waitForFunction((before) => document.getElementById("collect-ask").dataset.label !== before, {}, before);
  await page.click("#collect-next");
  assert.equal(await page.$eval("#collect-hint", (node) => node.textContent), "Draw the digit first.");
  for (let count = 0; count < 10; count++) {
    const label = await asked();
    await draw(page, "#collect-pad", label);
    await page.keyboard.press("Enter");
    await isAsked(label);
    if (count === 4) {
      const other = await asked();
      await page.click("#collect-undo");
      await isAsked(other);
      assert.equal(await asked(), label);
      await draw(page, "#collect-pad", label);
      await page.click("#collect-next");
      await isAsked(label);
    }
  }
  assert.equal(await asked(), "");
  assert.match(await page.$eval("#collect-ask", (node) => node.textContent), /Thank you/);
  assert.deepEqual(faults, []);
}

test("two clients collect ten digits each at once, and digit-labeler takes them", async () => {
  // A browser each: of two pages in one, the hidden one rests.
  await Promise.all([collectAll(chromium, "kim"), collectAll(await browser(test), "김민준")]);
  for (const writer of ["kim", "김민준"]) {
    const root = join(collected, writer);
    for (let label = 0; label < 10; label++) assert.equal(readdirSync(join(root, String(label))).length, 1, `${writer} ${label}`);
    const lines = readFileSync(join(root, "strokes.ndjson"), "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.equal(lines.length, 10);
    for (const { word, picture, drawing } of lines) {
      assert.ok(picture.startsWith(`${word}/`) && existsSync(join(root, picture)), picture);
      const [[x, y, t]] = drawing;
      assert.ok(x.length > 5 && x.length === y.length && y.length === t.length);
      assert.ok(t.every((time, at) => at === 0 || time >= t[at - 1]), String(t));
    }
  }
  const said = run("digit-labeler", collected, join(folder, "labelled-collected"), "--labels", "0-9", "--size", "20", "--json");
  assert.equal(JSON.parse(said).counts.pictures, 20);
});

test("without a server folder the page saves a zip", async () => {
  const { address } = await serve(test, "--model", model);
  const { page, faults } = await open(chromium, `${address}#collect`);
  await ready(page);
  await collect(page, { writer: "lee", each: 1, without: [2, 3, 4, 5, 6, 7, 8, 9], count: 2 });
  await save(page, "#collect-save", folder);
  const zip = readFileSync(join(folder, "digits.zip"));
  for (const name of ["lee/0/0001.png", "lee/1/0001.png", "lee/strokes.ndjson"]) assert.ok(zip.includes(name), name);
  assert.deepEqual(faults, []);
});

test("a network is taught with the collected digits and answers", async () => {
  const { page, faults } = await open(chromium, `${address}#teach`);
  await ready(page);
  await page.click("#teach-start");
  await page.waitForSelector("#teach-done:not([hidden])", { timeout: 120_000 });
  assert.match(await page.$eval("#teach-state", (node) => node.textContent), /The new network answers/);
  assert.match(await page.$eval("#teach-command", (node) => node.textContent), /^(digit-learn|digits learn) .*--out .*learned-collected/);
  assert.match(await page.$eval("#teach-lines", (node) => node.textContent), /20 pictures/);
  await accessible(page);
  await page.click("#teach-draw");
  await draw(page, "#draw-pad", 1);
  await page.waitForFunction(() => document.body.dataset.answer !== undefined);
  const report = await open(chromium, new URL("report", address).href);
  assert.match(await report.page.title(), /./);
  assert.deepEqual([...faults, ...report.faults], []);
});

for (const scheme of ["light", "dark"]) {
  for (const lang of ["en", "ko"]) {
    test(`the page is accessible, ${scheme}, ${lang}`, async () => {
      const { page, faults } = await open(chromium, `${address}?lang=${lang}`, { scheme });
      await ready(page);
      await draw(page, "#draw-pad", 7);
      await page.waitForSelector("#steps .seen img");
      await accessible(page);
      await page.click("#tab-collect");
      await accessible(page);
      assert.deepEqual(faults, []);
    });
  }
}

test("the page does not scroll sideways on a phone", async () => {
  const { page } = await open(chromium, address, { width: 390, height: 800 });
  await ready(page);
  await draw(page, "#draw-pad", 7);
  await page.waitForSelector("#steps .seen img");
  for (const tab of ["draw", "collect", "teach"]) {
    await page.click(`#tab-${tab}`);
    assert.equal(await scrollsSideways(page), false, tab);
  }
});
