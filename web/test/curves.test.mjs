// The report's curves, tables, sweeps and two runs side by side, used as a reader uses them: by mouse and by keyboard.
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { accessible, address, browser, open, run, scratch, scrollsSideways } from "../lib/browser.mjs";
import { writeRun, writeSweep } from "../lib/runs.mjs";

const folder = scratch(test);
const chromium = await browser(test);
const LONG_NAME = `"quoted" <b>손글씨</b> ${"x".repeat(280)}`;

/** The address of a report of the runs that `write` puts into a folder. */
function report(name, write) {
  const runs = join(folder, name);
  write(runs);
  run("mlp-report", runs, "--out", `${runs}-report`, "--allow-missing");
  return address(join(`${runs}-report`, "index.html"));
}

const sweep = report("sweep", (runs) => {
  writeSweep(runs, 60, { epochs: 200, seeds: 3, rows: 100 });
  writeRun(join(runs, "lost"), { name: "lost", diverged: true });
});

/** Opens the sweep, calls `use`, and fails on any console error, exception or request. */
async function on(url, options, use) {
  const { page, faults } = await open(chromium, url, options);
  await use(page);
  assert.deepEqual(faults, []);
  await page.close();
}

const texts = (page, selector) => page.$$eval(selector, (found) => found.map((element) => element.textContent));
const EXPERIMENTS = 'table[data-switches="groups"]';
const column = async (page, number) =>
  texts(page, `${EXPERIMENTS} tbody tr:not([hidden]) > :nth-child(${number})`);
const head = (page, text) =>
  page.evaluateHandle(
    (selector, wanted) => [...document.querySelectorAll(`${selector} .sort`)].find((b) => b.textContent === wanted),
    EXPERIMENTS,
    text,
  );
const drawn = (page) => texts(page, ".readout tbody .name");
const valuesOf = (page) => page.$$eval(".readout tbody tr", (rows) => rows.map((row) => row.cells[1].textContent));
const epoch = (page) => page.$eval(".epoch", (output) => output.textContent);
const settled = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50))));

/** Drags over the first plot, from one share of its width to another. */
async function drag(page, from, to) {
  // What lies outside the window gets no mouse.
  await page.$eval(".plot", (plot) => plot.scrollIntoView({ block: "center" }));
  const over = await (await page.$(".plot .u-over")).boundingBox();
  const at = (share) => [over.x + share * over.width, over.y + over.height / 2];
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at((from + to) / 2));
  await page.mouse.move(...at(to));
  await page.mouse.up();
  await settled(page);
}

/** What a reload takes up: a canvas has no text that could be read. */
const kept = (page) => page.evaluate(() => JSON.parse(sessionStorage.getItem(`${location.pathname} curves`)));

test("the page opens with the answer", () =>
  on(sweep, {}, async (page) => {
    const answer = await page.$eval(".answer", (element) => element.innerText);
    assert.match(answer, /^0\.\d{3}\s+test accuracy\n/);
    assert.match(answer, /the best of 20 experiments/);
    assert.match(answer, /95 %: 0\.\d{3} \.\. [01]\.\d{3}, from 3 runs on 100 test rows\./);
    assert.match(answer, /4 predicted as 9, \d+ of 30/);
    assert.ok(await page.$(".answer svg.chart"), "the picture of its curve");
    const top = await page.$eval(".answer", (element) => element.getBoundingClientRect().top);
    assert.ok(top < 200, `the answer begins at ${top} px`);
    const smallPrint = await page.$$eval("details", (folds) => folds.filter((f) => f.textContent.includes("Wilson's, which")));
    assert.equal(smallPrint.length, 1);
  }));

test("a click on a head sorts by number, another the other way, a third gives the first order back", () =>
  on(sweep, {}, async (page) => {
    const first = await column(page, 1);
    const accuracy = await head(page, "test accuracy");
    const sort = () => page.$eval(`${EXPERIMENTS} [aria-sort]`, (element) => element.getAttribute("aria-sort"));
    await accuracy.click();
    const descending = (await column(page, 8)).map(Number);
    assert.equal(await sort(), "descending");
    const numbers = descending.slice(0, -1);
    assert.deepEqual(numbers, [...numbers].sort((a, b) => b - a));
    assert.ok(Number.isNaN(descending.at(-1)), "the run without an accuracy comes last");
    // By keyboard, too.
    await accuracy.focus();
    await page.keyboard.press("Enter");
    assert.equal(await sort(), "ascending");
    const ascending = (await column(page, 8)).map(Number);
    assert.deepEqual(ascending.slice(0, -1), [...numbers].reverse());
    assert.ok(Number.isNaN(ascending.at(-1)));
    await page.keyboard.press("Space");
    assert.deepEqual(await column(page, 1), first);
    await (await head(page, "hidden")).click();
    const hidden = await column(page, 2);
    assert.deepEqual([hidden[0], hidden.at(-1)], ["[8, 16]", "[64, 16]"]);
  }));

test("a filter keeps the rows with all its words and says how many", () =>
  on(sweep, {}, async (page) => {
    await page.type('.filter input[aria-label^="Filter: Experiments"]', "lr0.003 h16");
    assert.deepEqual(await column(page, 1), ["h16-lr0.003-9"]);
    assert.equal((await texts(page, ".filter output"))[0], "1 of 21 rows");
    await page.reload();
    assert.deepEqual(await column(page, 1), ["h16-lr0.003-9"], "after a reload");
  }));

test("a box switches a line on and off, a fold those of single runs", () =>
  on(sweep, {}, async (page) => {
    assert.equal((await drawn(page)).length, 6);
    const box = await page.$(`${EXPERIMENTS} input[aria-label="Draw h8-lr0.001-0"]`);
    await box.click();
    assert.equal((await drawn(page)).at(-1), "h8-lr0.001-0");
    await page.keyboard.press("Space");
    assert.equal((await drawn(page)).length, 6);
    await page.click('.readout button[aria-label^="Switch off"]');
    assert.equal((await drawn(page)).length, 5);
    await page.evaluate(() => document.querySelector('table[data-switches="lines"]').closest("details").setAttribute("open", ""));
    await page.click('table[data-switches="lines"] input[aria-label="Draw h8-lr0.001-0/seed-2"]');
    assert.equal((await drawn(page)).at(-1), "h8-lr0.001-0/seed-2");
    const tools = (text) => page.evaluateHandle((t) => [...document.querySelectorAll(".tools button")].find((b) => b.textContent === t), text);
    await (await tools("Draw none")).click();
    assert.deepEqual(await drawn(page), []);
    await (await tools("Draw all listed")).click();
    assert.equal((await drawn(page)).length, 21);
    await page.type('.filter input[aria-label^="Filter: Experiments"]', "h16");
    await (await tools("Draw all listed")).click();
    assert.deepEqual((await drawn(page)).sort(), (await column(page, 1)).sort());
    await (await tools("Draw the best")).click();
    assert.equal((await drawn(page)).length, 6);
  }));

test("the cursor reads values off, by mouse and by keyboard", () =>
  on(sweep, {}, async (page) => {
    const atTheEnd = await valuesOf(page);
    assert.equal(await epoch(page), "At the end, epoch 200");
    await page.focus(".plot");
    await page.keyboard.press("Home");
    await settled(page);
    assert.equal(await epoch(page), "At epoch 5", "the first that is tested");
    const atTheStart = await valuesOf(page);
    assert.ok(atTheStart.every((value, i) => Number(value) < Number(atTheEnd[i])), `${atTheStart} ${atTheEnd}`);
    await page.keyboard.press("ArrowRight");
    await settled(page);
    assert.equal(await epoch(page), "At epoch 10");
    await page.keyboard.press("End");
    await settled(page);
    assert.deepEqual(await valuesOf(page), atTheEnd);
    // The table of experiments says the same of the end.
    const names = await drawn(page);
    const rows = await page.$$eval(`${EXPERIMENTS} tbody tr`, (all) => all.map((row) => [row.cells[0].textContent, row.cells[7].textContent]));
    assert.deepEqual(names.map((name) => Object.fromEntries(rows)[name]), atTheEnd);
    const over = await (await page.$(".plot .u-over")).boundingBox();
    await page.mouse.move(over.x + over.width / 2, over.y + over.height / 2);
    await settled(page);
    assert.equal(await epoch(page), "At epoch 100");
  }));

test("a drag zooms both plots, buttons and keys too, and a double click shows all", () =>
  on(sweep, {}, async (page) => {
    await drag(page, 0.25, 0.75);
    const [first, last] = (await kept(page)).zoom;
    assert.ok(first > 40 && first < 62 && last > 140 && last < 162, `${first} .. ${last}`);
    await page.focus(".plot");
    await page.keyboard.press("Home");
    await page.keyboard.press("+");
    await settled(page);
    const closer = (await kept(page)).zoom;
    assert.ok(Math.abs(closer[1] - closer[0] - (last - first) / 2) < 1e-6, `${closer}`);
    await page.keyboard.press("0");
    await settled(page);
    assert.equal((await kept(page)).zoom, null);
    await drag(page, 0.5, 0.9);
    assert.notEqual((await kept(page)).zoom, null);
    const over = await (await page.$(".plot .u-over")).boundingBox();
    await page.mouse.click(over.x + 50, over.y + 50, { count: 2 });
    await settled(page);
    assert.equal((await kept(page)).zoom, null);
  }));

test("another value, a logarithmic axis and smoothing change what is drawn", () =>
  on(sweep, {}, async (page) => {
    const pixels = () => page.$eval(".plot canvas", (canvas) => canvas.toDataURL());
    const seen = [await pixels()];
    const isNew = async () => {
      await settled(page);
      const now = await pixels();
      assert.ok(!seen.includes(now), "the picture has not changed");
      seen.push(now);
    };
    await page.click(".plot-head input[type=checkbox]");
    await isNew();
    await page.select(".plot-head select", "1");
    await isNew();
    assert.equal(await page.$eval(".readout thead th:nth-child(2)", (cell) => cell.textContent), "Training loss");
    await page.focus("input[type=range]");
    for (let i = 0; i < 20; i += 1) await page.keyboard.press("ArrowRight");
    await isNew();
    assert.equal(await page.$eval(".tools output", (output) => output.textContent), "0.40");
  }));

test("a reload keeps what was chosen", () =>
  on(sweep, {}, async (page) => {
    await page.click(`${EXPERIMENTS} input[aria-label="Draw h8-lr0.003-8"]`);
    await page.select(".plot-head select", "2");
    await (await head(page, "test accuracy")).click();
    await drag(page, 0.1, 0.6);
    const [state, order, lines] = [await kept(page), await column(page, 1), await drawn(page)];
    await page.reload();
    await settled(page);
    assert.deepEqual([await kept(page), await column(page, 1), await drawn(page)], [state, order, lines]);
    assert.equal(await page.$eval(".plot-head select", (select) => select.value), "2");
  }));

test("the drawn curves are a table, too", () =>
  on(sweep, {}, async (page) => {
    await page.evaluate(() => document.querySelector(".values summary").click());
    await page.waitForSelector(".values tbody tr");
    const rows = await page.$$eval(".values tbody tr", (all) => all.map((row) => [...row.cells].map((c) => c.textContent)));
    assert.equal(rows.length, 21);
    assert.deepEqual([rows[0][0], rows.at(-1)[0]], ["1", "200"]);
    assert.deepEqual(rows.at(-1).slice(1, 7), await valuesOf(page));
  }));

test("two runs side by side: their configs, and the rows on which they disagree", () =>
  on(sweep, {}, async (page) => {
    const live = '[data-live="side-by-side"]';
    const tables = () => texts(page, `${live} > div[aria-live] caption`);
    await page.select(`${live} label:nth-of-type(1) select`, "0");
    await page.select(`${live} label:nth-of-type(2) select`, "3");
    assert.deepEqual(await tables(), ["What differs in their configs", "Test rows on which they disagree"]);
    const keys = await texts(page, `${live} div[aria-live] table:first-of-type tbody th`);
    assert.ok(keys.includes("hidden") && keys.includes("parameters"), `${keys}`);
    const summary = (await texts(page, `${live} div[aria-live] > p`))[0];
    const [all, common, a, b, neither] = summary.match(/Of (\d+) test rows .* on (\d+): .* right on (\d+), .* on (\d+), neither on (\d+)/).slice(1).map(Number);
    assert.equal(all, 100);
    assert.equal(common, a + b + neither);
    const rows = await page.$$eval(`${live} tr[data-row]`, (found) => found.map((row) => [row.dataset.row, ...[...row.cells].map((c) => c.textContent)]));
    assert.equal(rows.length, common);
    for (const [row, first, label, ours, theirs, right] of rows) {
      assert.equal(row, first);
      assert.notEqual(ours, theirs);
      assert.equal(right, ours === label ? "A" : theirs === label ? "B" : "neither");
    }
    await page.select(`${live} label:nth-of-type(2) select`, "0");
    assert.deepEqual(await tables(), [], "a run does not differ from itself");
  }));

test("swept keys are charts of points", () =>
  on(sweep, {}, async (page) => {
    const titles = await texts(page, "svg.chart > title");
    for (const key of ["hidden", "parameters", "optimizer.sgd.lr"]) {
      assert.ok(titles.includes(`Test accuracy against ${key}`), `${key}: ${titles}`);
    }
    const points = await texts(page, "svg.chart circle title");
    assert.ok(points.some((text) => text.startsWith("h64-lr0.001-7: 0.")), points[0]);
  }));

for (const [name, options] of [["light", {}], ["dark", { scheme: "dark" }], ["on a phone", { width: 390, height: 844 }]]) {
  test(`axe-core finds nothing with everything open, ${name}`, () =>
    on(sweep, options, async (page) => {
      await page.$$eval("details", (folds) => folds.slice(0, 9).forEach((fold) => (fold.open = true)));
      await settled(page);
      await accessible(page);
      assert.equal(await scrollsSideways(page), false);
    }));
}

test("on paper and without JavaScript there are charts instead of controls", async () => {
  await on(sweep, {}, async (page) => {
    await page.emulateMediaType("print");
    assert.equal(await page.$eval(".live .without svg", (svg) => svg.getBoundingClientRect().height > 50), true);
    assert.equal(await page.$eval(".tools", (tools) => getComputedStyle(tools).display), "none");
  });
  const page = await chromium.newPage();
  await page.setJavaScriptEnabled(false);
  await page.goto(sweep);
  const html = await page.content();
  assert.ok(html.includes('class="without"') && !html.includes('class="js"'));
  await page.close();
});

test("names with markup, quotes and Korean stay text", async () => {
  const url = report("odd", (runs) => {
    [LONG_NAME, "</script><script>alert(1)</script>", "plain"].forEach((name, i) => {
      writeRun(join(runs, `${i}`), { name, hidden: [8 + i], accuracy: 0.8 + 0.05 * i, rows: 60 });
    });
  });
  await on(url, { width: 390, height: 844 }, async (page) => {
    const names = await drawn(page);
    assert.deepEqual(names.sort(), [LONG_NAME, "</script><script>alert(1)</script>", "plain"].sort());
    assert.equal(await page.$("main b"), null);
    assert.equal(await scrollsSideways(page), false);
    await accessible(page);
  });
});

test("no run, one run and a diverged run give a page that works", async () => {
  const pages = [
    report("none", (runs) => writeRun(join(runs, "gone", ".."), { name: "unused" })),
    report("one", (runs) => writeRun(join(runs, "only"), { name: "only" })),
    report("lost", (runs) => writeRun(join(runs, "lost"), { name: "lost", diverged: true })),
    report("short", (runs) => writeRun(join(runs, "short"), { name: "short", epochs: 1, report: 1 })),
  ];
  for (const url of pages) {
    await on(url, {}, async (page) => {
      await settled(page);
      await accessible(page);
      if (await page.$(".plot")) await drag(page, 0.2, 0.6);
    });
  }
});

test("200 runs of 1,000 epochs: under 5 MB, and interactive in under a second", async (context) => {
  const url = report("many", (runs) => writeSweep(runs, 200, { epochs: 1000, report: 10, seeds: 5, rows: 300 }));
  const bytes = statSync(join(folder, "many-report", "index.html")).size;
  assert.ok(bytes < 5e6, `${bytes} bytes`);
  await on(url, {}, async (page) => {
    // The plots are there when the load event comes: scripts run before it. The best of three, as other programs run.
    const times = [];
    for (let i = 0; i < 3; i += 1) {
      await page.reload();
      times.push(await page.evaluate(() => performance.getEntriesByType("navigation")[0].loadEventEnd));
    }
    context.diagnostic(`${(bytes / 1e6).toFixed(1)} MB, loaded in ${times.map(Math.round)} ms`);
    assert.ok(Math.min(...times) < 1000, `${times} ms`);
    assert.equal((await drawn(page)).length, 6);
    await page.click(`${EXPERIMENTS} .switch`);
    assert.ok((await drawn(page)).length !== 6);
  });
});
