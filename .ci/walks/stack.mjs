// A stack: chosen by typing, shared by its address, changed by what happens. The vendor's story has turns: broken ten
// minutes from the start and for twenty minutes in every forty.
import { check, equal, includes, walk } from "./checks.mjs";
import { SIZES, step, visitor } from "./browser.mjs";

export async function stack() {
  for (const size of SIZES) await walk(`stack ${size.width} without scripts`, () => plain(size));
  for (const size of SIZES) await walk(`stack ${size.width}`, () => chosen(size));
}

async function chosen(size) {
  const one = await visitor({ size });
  const { page } = one;
  await one.go("/stack");
  for (const [typed, slug] of [["kestrel", "pages=kestrel"], ["hero", "pages=kestrel,heron"]]) {
    await page.getByRole("combobox", { name: "Add a service" }).focus();
    await page.keyboard.type(typed);
    await page.getByRole("option").first().waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/stack?${slug}`);
  }
  includes("the verdict of both", await one.text(".answer"), "Degraded.");
  await page.getByRole("link", { name: "Choose components of Kestrel Cloud" }).click();
  await page.waitForURL("**choose=kestrel#choose");
  await page.getByLabel("North America: Functions").check();
  await page.getByLabel("Dashboard").check();
  await page.getByRole("button", { name: "Take these" }).click();
  await page.waitForURL("**components=**");
  equal("the address", new URL(page.url()).search.replaceAll("%3A", ":"), "?pages=kestrel,heron&components=kestrel:14,kestrel:27");
  includes("the verdict of what was chosen", await one.text(".answer"), "Up.");
  includes("what was not chosen", await one.text("main"), "Not chosen, and not well");

  const address = page.url().replace(/^[^/]*\/\/[^/]*/, "");
  const friend = await visitor({ size });
  await friend.go(address);
  equal("the verdict at the shared address", await friend.text(".answer"), await one.text(".answer"));
  await friend.leave("a shared stack");

  // Somebody else looks at the vendor's page, and has opened its table.
  const other = await visitor({ size });
  await other.go("/status/heron");
  includes("before it begins", await other.text(".answer"), "No.");
  await other.page.locator("section[aria-labelledby=days] summary").click();
  for (const watcher of [page, other.page]) await watcher.evaluate(() => (window.sameDocument = true));
  await page.getByRole("combobox", { name: "Add a service" }).focus();
  await page.keyboard.type("half a na");
  await page.waitForFunction(() => document.getElementById("news").textContent.startsWith("No service"));
  await other.page.locator("section[aria-labelledby=days] summary").focus();
  await step(20);
  await changed(one, "Degraded.");
  await page.keyboard.type("me");
  equal("what is typed meanwhile", await page.inputValue("#add"), "half a name");
  await page.waitForFunction(() => document.getElementById("news").textContent.startsWith("No service"));
  await changed(other, "Yes, in part.");
  equal("the table that was opened is open", await other.page.locator("section[aria-labelledby=days] details").evaluate((table) => table.open), true);
  equal("the focus is where it was", await other.page.evaluate(() => document.activeElement.textContent), "As a table: Heron Search");
  includes("the incident", await other.text("section[aria-labelledby=incidents] article"), "Searches time out");
  check("times that came later are local too", (await other.texts("article time")).every((time) => time.includes("GMT+9")), await other.texts("article time"));
  await step(20);
  await changed(one, "Up.");
  await changed(other, "No.");
  await other.leave("a page that changes");

  await page.getByRole("link", { name: "Remove Heron Search" }).click();
  await page.waitForURL((url) => !url.search.includes("heron"));
  equal("who is left", await one.texts(".rows .name"), ["Kestrel Cloud"]);
  await one.leave("a stack");
}

// Somebody comes back to the tab: the page asks again, says that it changed, and is the same document.
async function changed(one, word) {
  const { page } = one;
  await page.evaluate(() => ((document.getElementById("news").textContent = ""), document.dispatchEvent(new Event("visibilitychange"))));
  await page.waitForFunction(() => document.getElementById("news").textContent.startsWith("It changed."), null, { timeout: 10_000 });
  includes("the verdict after a change", await one.text(".answer"), word);
  equal("it came without loading the page again", await page.evaluate(() => window.sameDocument), true);
}

async function plain(size) {
  const one = await visitor({ size, scripts: false });
  const { page } = one;
  await one.go("/stack");
  for (const [typed, slug] of [["Kestrel Cloud", "pages=kestrel"], ["heron", "pages=kestrel,heron"]]) {
    await page.fill("#add", typed);
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/stack?${slug}`);
  }
  await page.getByRole("link", { name: "Choose components of Kestrel Cloud" }).click();
  await page.getByLabel("North America: Functions").check();
  await page.getByRole("button", { name: "Take these" }).click();
  await page.waitForURL("**components=**");
  includes("the verdict without scripts", await one.text(".answer"), "Up.");
  await page.getByRole("link", { name: "Remove Kestrel Cloud" }).click();
  equal("who is left without scripts", await one.texts(".rows .name"), ["Heron Search"]);
  await page.fill("#add", "nobody at all");
  await page.keyboard.press("Enter");
  await page.waitForURL("**nobody**");
  includes("a service that nobody knows", (await one.texts(".rows li")).join("\n"), "nobody at all");
  await one.leave("a stack");
}
