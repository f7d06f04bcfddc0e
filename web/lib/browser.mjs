// Headless Chromium for the tests of pages. A page that logs an error, throws, or asks for anything beyond its own
// file or host fails its test.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Folder of the built commands; BIN names another one. */
export const bin = resolve(process.env.BIN ?? join(import.meta.dirname, "../../target/release"));

/** Runs a built command and returns its stdout. Exit code 1 (some inputs rejected) is accepted. */
export function run(command, ...words) {
  try {
    return execFileSync(join(bin, command), words, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    if (error.status === 1) return error.stdout;
    throw new Error(`${command} ${words.join(" ")}: exit code ${error.status}\n${error.stderr}`);
  }
}

/** A folder that is removed when the test file ends. */
export function scratch(test) {
  const folder = mkdtempSync(join(tmpdir(), "pages-"));
  test.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A browser that is closed when the test file ends. CHROMIUM names another program. */
export async function browser(test) {
  const started = await puppeteer.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  test.after(() => started.close());
  return started;
}

/** The address of a file. */
export const address = (file) => pathToFileURL(file).href;

/** Opens an address. `faults` collects console errors, exceptions and requests that leave the page. */
export async function open(browser, url, { width = 1200, height = 900, scheme = "light" } = {}) {
  const page = await browser.newPage();
  await page.setViewport({ width, height });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  const faults = [];
  const host = new URL(url).host;
  page.on("console", (message) => message.type() === "error" && faults.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`exception: ${error.message}`));
  page.on("request", (request) => {
    const to = new URL(request.url());
    const own = request.url() === url || ["data:", "blob:"].includes(to.protocol) || (host !== "" && to.host === host);
    if (!own && !(to.protocol === "file:" && request.isNavigationRequest())) faults.push(`request: ${request.url()}`);
  });
  await page.goto(url, { waitUntil: "load" });
  return { page, faults };
}

/** Fails on what axe-core finds: names of the rules and the elements. */
export async function accessible(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const found = violations.map((rule) => `${rule.id}: ${rule.nodes.map((node) => node.target.join(" ")).join(", ")}`);
  assert.deepEqual(found, []);
}

/** Whether the page is wider than the window, so that it scrolls sideways. */
export const scrollsSideways = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
