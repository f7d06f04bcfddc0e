// The pictures of README.md and docs/lesson.md: `node web/screenshots.mjs LESSON OUT`. LESSON is the folder of
// `just lesson`, whose digits are drawn.
import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { address, browser, open } from "./lib/browser.mjs";
import { draw, ready } from "./lib/drawing.mjs";
import { serve } from "./lib/serve.mjs";

/** Most bytes of a picture: they are part of the repository. */
const MOST_BYTES = 100_000;

const [lesson, out] = process.argv.slice(2).map((path) => resolve(path));
const endings = [];
const until = { after: (end) => endings.push(end) };

/** Takes a picture of what the window shows. */
async function take(name, page) {
  const file = join(out, `${name}.png`);
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: file });
  const { size } = statSync(file);
  console.log(`${file}: ${size} bytes`);
  if (size > MOST_BYTES) throw new Error(`${file} has ${size} bytes; at most ${MOST_BYTES} may be committed`);
}

async function main() {
  const chromium = await browser(until);
  const window = { width: 1000, height: 640 };
  const report = await open(chromium, address(join(lesson, "learned-class/report/index.html")), window);
  await take("report", report.page);

  const doctor = await open(chromium, address(join(lesson, "findings/findings.html")), window);
  await doctor.page.evaluate(() => document.getElementById("wrong_label").scrollIntoView());
  await take("doctor", doctor.page);

  const server = await serve(until);
  const drawing = await open(chromium, server.address, { ...window, height: 930 });
  await ready(drawing.page);
  await draw(drawing.page, "#draw-pad", 7);
  await drawing.page.waitForFunction(() => document.body.dataset.answer === "7");
  await drawing.page.waitForFunction(() => document.querySelectorAll("#steps img").length > 1);
  await take("draw", drawing.page);
}

try {
  await main();
} finally {
  for (const end of endings.reverse()) await end();
}
