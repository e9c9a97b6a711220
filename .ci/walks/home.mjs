// The first page: from typing to a vendor's page with the keyboard alone, and what is broken now.
import { check, equal, includes, none, walk } from "./checks.mjs";
import { SIZES, visitor } from "./browser.mjs";

export async function home() {
  for (const size of SIZES) await walk(`home ${size.width}`, () => typed(size));
  for (const size of SIZES) {
    for (const path of ["/", "/status/kestrel", "/stack?pages=kestrel,heron&choose=kestrel", "/pages?q=fjord", "/status/finch/history"]) await walk(`keyboard ${path}`, () => reached(size, path));
  }
  await walk("home without scripts", plain);
}

async function typed(size) {
  const one = await visitor({ size });
  const { page } = one;
  await one.go("/");
  includes("what is broken now", (await one.texts("section[aria-labelledby=broken] li")).join("\n"), "Raised error rates in eu-west-1");
  includes("what was broken when it was last read", (await one.texts("section[aria-labelledby=doubtful] li")).join("\n"), "Osprey Pay");
  includes("what is over", (await one.texts("section[aria-labelledby=ended] li")).join("\n"), "Finch Deploys");
  includes("the count", await one.text(".how"), "118 pages");
  const impacts = await one.texts("section[aria-labelledby=broken] .badge");
  const ranks = impacts.map((word) => ["Critical", "Major", "Minor", "Incident"].findIndex((first) => word.includes(first)));
  check("the worst is first", ranks.every((rank, n) => n === 0 || ranks[n - 1] <= rank), impacts);

  await page.keyboard.press("Tab");
  const skip = await page.evaluate(() => {
    const { top, left, bottom, right } = document.activeElement.getBoundingClientRect();
    return { text: document.activeElement.textContent, seen: top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth };
  });
  equal("the first stop of the keyboard", skip, { text: "To the content", seen: true });
  await page.keyboard.press("Enter");
  equal("the skip link leads to", await page.evaluate(() => document.activeElement.id), "main");
  for (let n = 0; n < 5 && (await page.evaluate(() => document.activeElement.role)) !== "combobox"; n += 1) await page.keyboard.press("Tab");
  const box = page.getByRole("combobox", { name: "Which service?" });
  check("the search is the next stop", await box.evaluate((input) => input === document.activeElement));

  await page.keyboard.type("hero");
  const options = page.getByRole("option");
  await options.first().waitFor();
  equal("the first suggestion", await options.first().innerText(), "Heron Search");
  includes("what is said of suggestions", await page.locator("#news").textContent(), "services like this");
  equal("the box says that a list is open", await box.getAttribute("aria-expanded"), "true");
  await page.keyboard.press("Escape");
  equal("suggestions after Escape", [await options.count(), await box.getAttribute("aria-expanded"), await box.inputValue()], [0, "false", "hero"]);
  await page.keyboard.type("n");
  await options.first().waitFor();
  await page.keyboard.press("ArrowDown");
  const active = await box.getAttribute("aria-activedescendant");
  equal("the chosen suggestion", await page.locator(`#${active}`).getAttribute("aria-selected"), "true");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/status/heron");
  includes("the answer", await one.text(".answer"), "No.");
  await one.leave("home");
}

// Tab comes to everything that can be used, in order, and one sees where it is.
async function reached(size, path) {
  // In calm, since one sees the focus when smooth scrolling has arrived.
  const one = await visitor({ size, calm: true });
  const { page } = one;
  await one.go(path);
  const wanted = await page.evaluate(() => {
    const usable = "a[href], button, input:not([type=hidden]), select, summary, [tabindex='0']";
    window.usable = [...document.querySelectorAll(usable)].filter((one) => one.checkVisibility() && !one.closest("details:not([open]) > :not(summary)"));
    return window.usable.length;
  });
  const met = [], unseen = [];
  for (let n = 0; n < wanted + 10; n += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const one = document.activeElement;
      if (one === document.body) return null;
      const style = getComputedStyle(one), { top, bottom, left, right } = one.getBoundingClientRect();
      const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
      return { n: window.usable.indexOf(one), html: one.outerHTML.slice(0, 80), seen: outlined && bottom > 0 && top < innerHeight && right > 0 && left < innerWidth };
    });
    if (!at) break;
    if (at.n >= 0) met.push(at.n);
    if (!at.seen) unseen.push(at.html);
  }
  equal(`${path} (${one.name}): stops of the keyboard, of those wanted`, new Set(met).size, wanted);
  check(`${path} (${one.name}): they come in the order of the page`, met.every((at, n) => n === 0 || met[n - 1] < at), met);
  none(`${path} (${one.name}): the focus is seen at each`, unseen);
  await one.leave(`${path} by keyboard`);
}

async function plain() {
  const one = await visitor({ scripts: false });
  await one.go("/");
  await one.page.fill("#q", "Heron search");
  await one.page.keyboard.press("Enter");
  await one.page.waitForURL("**/status/heron");
  await one.go("/");
  await one.page.fill("#q", "fjord");
  await one.page.click("form[role=search] button");
  await one.page.waitForURL("**/pages?q=fjord");
  equal("what is called like this", (await one.texts("#found .name")).length, 11);
  await one.leave("home");
}
