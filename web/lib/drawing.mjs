// Drawing on the paper of the page, and files that it saves.

/** Strokes of some digits as shares of the paper. */
const FORMS = {
  1: [[[0.5, 0.15], [0.5, 0.85]]],
  7: [[[0.25, 0.2], [0.75, 0.2], [0.45, 0.85]]],
  0: [Array.from({ length: 25 }, (_, i) => [0.5 + 0.22 * Math.sin(i / 3.82), 0.5 - 0.32 * Math.cos(i / 3.82)])],
};

/** Waits until the page can be used. */
export const ready = (page) => page.waitForSelector("body[data-ready]");

/** Draws a digit on paper with the mouse: a 1 for those that have no form here. */
export async function draw(page, pad, digit) {
  const box = await (await page.$(pad)).boundingBox();
  for (const [[x, y], ...points] of FORMS[digit] ?? FORMS[1]) {
    await page.mouse.move(box.x + x * box.width, box.y + y * box.height);
    await page.mouse.down();
    for (const [x, y] of points) await page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 6 });
    await page.mouse.up();
  }
}

/** Fills in the form of the tab "Collect" and draws so many of the digits that it asks for; `without` are switched off. */
export async function collect(page, { writer, each, without, count }) {
  await page.type("#collect-writer", writer);
  await page.$eval("#collect-count", (input, each) => (input.value = String(each)), each);
  for (const label of without) await page.$eval(`#collect-labels input[value="${label}"]`, (box) => box.click());
  await page.click("#collect-form button");
  await page.waitForSelector("#collect-work:not([hidden])");
  for (let drawn = 0; drawn < count; drawn++) {
    const label = await page.$eval("#collect-ask", (node) => node.dataset.label);
    await draw(page, "#collect-pad", label);
    await page.click("#collect-next");
    await page.waitForFunction((label) => document.getElementById("collect-ask").dataset.label !== label, {}, label);
  }
}

/** Drops a file on the page. */
export async function drop(page, name, bytes) {
  await page.evaluate(
    (name, base64) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name));
      document.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    },
    name,
    Buffer.from(bytes).toString("base64"),
  );
}

/** Waits until what screen readers are told has a part. */
export const told = (page, part) =>
  page.waitForFunction((part) => document.getElementById("answer-live").textContent.includes(part), {}, part);

/** Clicks what saves a file, and waits until the file is in the folder. */
export async function save(page, button, folder) {
  const session = await page.createCDPSession();
  await session.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: folder, eventsEnabled: true });
  const done = new Promise((resolve) => session.on("Browser.downloadProgress", ({ state }) => state === "completed" && resolve()));
  await page.click(button);
  await done;
}
