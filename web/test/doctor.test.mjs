// The page of digit-doctor: decisions by key and by mouse, kept over a reload, saved as fixes.csv, applied.
import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { accessible, address, browser, open, run, scratch, scrollsSideways } from "../lib/browser.mjs";

const folder = scratch(test);
const chromium = await browser(test);
const source = join(folder, "source");

// Drawn digits, a picture under two labels, a copy with markup, a comma and a quote in its name, and a wrong label.
run("digit-source", "draw", source, "--count", "300", "--sizes", "20", "--labels", "1-3");
const of = (label) => readdirSync(source).filter((name) => name.startsWith(`${label}_20_hand`));
const odd = '<b>"x", 김';
mkdirSync(join(folder, "pictures"));
for (const name of readdirSync(source).filter((name) => name.endsWith(".png"))) {
  copyFileSync(join(source, name), join(folder, "pictures", name));
}
copyFileSync(join(source, of(1)[0]), join(folder, "pictures", "2_20_twice.png"));
copyFileSync(join(source, of(3)[0]), join(folder, "pictures", `3_20_${odd}.png`));
copyFileSync(join(source, of(2)[5]), join(folder, "pictures", "3_20_turned.png"));

const out = join(folder, "findings");
run("digit-doctor", join(folder, "pictures"), out);
const page = address(join(out, "findings.html"));

/** The text of the card whose name is this. */
const card = (name) => `.card[data-name=${JSON.stringify(name)}]`;

async function prepared(options) {
  const opened = await open(chromium, page, options);
  // Cards are found by the name that people read.
  await opened.page.evaluate(() => {
    for (const one of document.querySelectorAll(".card")) {
      one.dataset.name = one.querySelector("h3").lastChild.textContent.trim();
    }
  });
  return opened;
}

/** The buttons that are pressed on the cards of a picture. One that was found twice has two cards and one decision. */
async function pressed(opened, name) {
  const cards = await opened.$$eval(card(name), (all) =>
    all.map((one) => [...one.querySelectorAll("button[aria-pressed=true]")].map((button) => button.textContent.trim())));
  assert.ok(cards.length > 0, `no card of ${name}`);
  for (const other of cards) assert.deepEqual(other, cards[0], `the cards of ${name} disagree`);
  return cards[0];
}

async function saved(opened) {
  const downloads = join(folder, `downloads-${Math.random()}`);
  mkdirSync(downloads);
  const session = await opened.createCDPSession();
  await session.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: downloads });
  await opened.click("#save");
  const file = join(downloads, "fixes.csv");
  for (let wait = 0; wait < 200 && !existsSync(file); wait += 1) await new Promise((done) => setTimeout(done, 50));
  return readFileSync(file, "utf8");
}

for (const scheme of ["light", "dark"]) {
  test(`the page is accessible and asks for nothing, ${scheme}`, async () => {
    const { page: opened, faults } = await prepared({ scheme });
    await accessible(opened);
    assert.deepEqual(faults, []);
  });
}

test("the page in Korean is accessible, and what its script says is Korean", async () => {
  const korean = join(folder, "korean");
  run("digit-doctor", join(folder, "pictures"), korean, "--lang", "ko");
  for (const options of [{ scheme: "light" }, { scheme: "dark" }, { width: 390, height: 800 }]) {
    const { page: opened, faults } = await open(chromium, address(join(korean, "findings.html")), options);
    await accessible(opened);
    assert.equal(await scrollsSideways(opened), false);
    const said = () => opened.$eval("#count", (one) => one.textContent);
    assert.equal(await said(), "아직 결정한 것이 없습니다.");
    await opened.click(".card[data-of] button[data-action=drop]");
    assert.match(await said(), /^그림 \d+개 중 1개 결정: 빼기 1, 레이블 바꾸기 0, 그대로 두기 0\.$/);
    opened.once("dialog", (dialog) => {
      assert.equal(dialog.message(), "이 페이지의 결정을 모두 지울까요?");
      dialog.accept();
    });
    await opened.click("#reset");
    assert.equal(await said(), "아직 결정한 것이 없습니다.");
    assert.deepEqual(faults, []);
  }
});

test("the page does not scroll sideways on a phone", async () => {
  const { page: opened } = await prepared({ width: 390, height: 800 });
  assert.equal(await scrollsSideways(opened), false);
});

test("findings are accepted by key and mouse, kept over a reload, saved, and applied", async () => {
  const { page: opened, faults } = await prepared();
  const strange = `3_20_${odd}.png`;
  const twin = (await opened.$(card("2_20_twice.png"))) ? "2_20_twice.png" : of(1)[0];
  // By mouse: the button, and the list of labels.
  await opened.click(`${card(twin)} button[data-action=drop]`);
  assert.deepEqual(await pressed(opened, twin), ["Drop"]);
  const copy = (await opened.$(card(strange))) ? strange : of(3)[0];
  await opened.select(`${card(copy)} select`, "1");
  // By key: to the last card but one, keep; undo; relabel the copy as suggested.
  await opened.focus(card("3_20_turned.png"));
  await opened.keyboard.press("k");
  assert.deepEqual(await pressed(opened, "3_20_turned.png"), ["Keep"]);
  await opened.focus(card("3_20_turned.png"));
  await opened.keyboard.press("u");
  assert.deepEqual(await pressed(opened, "3_20_turned.png"), []);
  await opened.keyboard.press("2");
  assert.match(await opened.$eval("#count", (one) => one.textContent), /^3 of \d+ pictures decided: 1 drop, 2 relabel, 0 keep/);

  await opened.reload();
  assert.match(await opened.$eval("#count", (one) => one.textContent), /^3 of \d+ pictures decided/);
  const lines = (await saved(opened)).trimEnd().split("\n");
  assert.equal(lines[0], "picture,source,row,action,label,was");
  const quoted = (name) => (/[",]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);
  assert.deepEqual(
    lines.slice(1).sort(),
    [
      `20/${twin},${twin},,drop,,${twin[0]}`,
      `${quoted(`20/${copy}`)},${quoted(copy)},,relabel,1,3`,
      "20/3_20_turned.png,3_20_turned.png,,relabel,2,3",
    ].sort(),
  );
  writeFileSync(join(folder, "fixes.csv"), `${lines.join("\n")}\n`);
  const words = [join(folder, "pictures"), join(folder, "labelled"), "--labels", "1-3", "--fixes"];
  const { counts } = JSON.parse(run("digit-labeler", ...words, join(folder, "fixes.csv"), "--json"));
  assert.deepEqual([counts.dropped, counts.relabelled], [1, 2]);

  // Forgotten only after a question.
  opened.once("dialog", (dialog) => dialog.accept());
  await opened.click("#reset");
  assert.equal(await opened.$eval("#count", (one) => one.textContent), "Nothing is decided yet.");
  assert.deepEqual(faults, []);
});
