// The directory, and names that nobody knows.
import { check, equal, includes, walk } from "./checks.mjs";
import { SIZES, visitor } from "./browser.mjs";

export async function rest() {
  for (const size of SIZES) {
    await walk(`directory ${size.width}`, () => filtered(size));
    await walk(`directory ${size.width} without scripts`, () => paged(size));
  }
  for (const scripts of [true, false]) await walk("unknown", () => unknown(scripts));
}

async function filtered(size) {
  const one = await visitor({ size });
  const { page } = one;
  await one.go("/pages");
  await page.evaluate(() => (window.sameDocument = true));
  // Waits for this list, and says what is there when it does not come.
  const found = async (wanted) => {
    const there = (wanted) => JSON.stringify([...document.querySelectorAll("#found .name")].map((name) => name.textContent)) === wanted;
    await page.waitForFunction(there, JSON.stringify(wanted), { timeout: 10_000 }).catch(() => {});
    return one.texts("#found .name");
  };
  const finds = async (what, wanted) => equal(what, await found(wanted), wanted);
  await page.getByLabel("Name, product or address").pressSequentially("finch");
  await finds("found while typing", ["Finch Deploys"]);
  includes("the address follows", page.url(), "/pages?q=finch");
  equal("the count is said", await page.locator("#news").textContent(), "1 page found");
  await page.getByLabel("Name, product or address").fill("");
  await page.waitForFunction(() => document.querySelectorAll("#found .name").length === 100);
  await page.getByLabel("Category").selectOption("ci-cd");
  await finds("those of a category", ["Finch Deploys"]);
  await page.getByLabel("Category").selectOption("all");
  await page.getByLabel("State").selectOption("broken");
  await finds("those that are broken", ["Kestrel Cloud", "Magpie & Sons"]);
  await page.getByLabel("State").selectOption("unknown");
  await finds("those that nobody knows of", ["Dodo Networks", "Osprey Pay"]);
  equal("all that without loading the page again", await page.evaluate(() => window.sameDocument), true);
  await one.leave("the directory");
}

async function paged(size) {
  const one = await visitor({ size, scripts: false });
  const { page } = one;
  await one.go("/pages");
  const met = await one.texts("#found .name");
  await page.getByRole("link", { name: "Next" }).click();
  await page.waitForURL("**part=2**");
  met.push(...(await one.texts("#found .name")));
  equal("pages of both parts, each once", [met.length, new Set(met).size], [118, 118]);
  await page.getByRole("link", { name: "Before" }).click();
  await page.waitForURL("**part=1**");
  await page.fill("#filter", "desk");
  await page.getByLabel("State").selectOption("up");
  await page.getByRole("button", { name: "Show" }).click();
  await page.waitForURL("**q=desk**");
  check("found without scripts", (await one.texts("#found .name")).every((name) => name.includes("Desk")), await one.texts("#found .name"));
  equal("what was asked stays in the form", [await page.inputValue("#filter"), await page.inputValue("#state")], ["desk", "up"]);
  await one.leave("the directory");
}

async function unknown(scripts) {
  const one = await visitor({ scripts });
  await one.go("/status/kestral", 404);
  includes("what is meant perhaps", (await one.texts(".rows .name")).join("\n"), "Kestrel Cloud");
  includes("how one is added", await one.text("main"), "slug,name,url");
  await one.go("/status/%3Cscript%3Ealert(1)%3C%2Fscript%3E", 404);
  includes("what was asked", await one.text("main q"), "<script>alert(1)</script>");
  await one.go(`/status/${"z".repeat(2000)}`, 404);
  check("a long name does not push the page aside", await one.page.evaluate(() => document.scrollingElement.scrollWidth <= innerWidth));
  await one.leave("an unknown name");
}
