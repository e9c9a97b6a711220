// A vendor's page in trouble: the answer, its incident, planned work, components, 90 days, and its history.
import { check, equal, includes, walk } from "./checks.mjs";
import { SIZES, URL_OF_PAGES, visitor } from "./browser.mjs";

export async function page() {
  for (const size of SIZES) {
    for (const scripts of [true, false]) {
      await walk(`page ${size.width}`, () => troubled(size, scripts));
      await walk(`history ${size.width}`, () => past(size, scripts));
    }
  }
  await walk("other states", states);
}

async function troubled(size, scripts) {
  const one = await visitor({ size, scripts });
  const { page } = one;
  await one.go("/status/kestrel");
  equal("the title", await page.title(), "Is Kestrel Cloud down? Major trouble");
  const answer = await one.text(".answer");
  for (const words of ["Yes, in part.", "Kestrel Cloud reports major trouble. 1 incident is open."]) includes("the answer", answer, words);
  includes("how it is known", await one.text(".how"), "status.kestrel.example");

  const incident = page.locator("section[aria-labelledby=incidents] article");
  const stages = await incident.locator(".updates .facts strong").allInnerTexts();
  equal("the stages, newest first", stages, ["Monitoring", "Identified", "Investigating", "Investigating"]);
  equal("a link of the vendor's", await incident.locator(".vendor a").getAttribute("href"), "https://docs.kestrel.example/retries");
  equal("a list of the vendor's", await incident.locator(".vendor li").count(), 2);
  const planned = await one.text("section[aria-labelledby=upcoming] .facts");
  includes("planned work in UTC", planned, "11:00 UTC");
  if (scripts) for (const words of ["20:00", "GMT+9"]) includes("planned work in Tokyo's time", planned, words);
  const times = await page.locator("time").evaluateAll((all) => all.filter((time) => Number.isNaN(Date.parse(time.dateTime)) || !time.textContent.includes("UTC")).map((time) => time.outerHTML));
  equal("times without UTC", times, []);

  const groups = page.locator("details.group");
  equal("groups", await groups.locator("summary bdi").allInnerTexts(), ["Europe", "North America", "Asia Pacific", "Developer tools"]);
  equal("groups that are open: those in trouble", await groups.evaluateAll((all) => all.map((group) => group.open)), [true, false, false, false]);
  await groups.nth(1).locator("summary").click();
  equal("components of a group that was opened", await groups.nth(1).locator("li:visible").count(), 6);
  const regions = page.getByRole("navigation", { name: "Regions" });
  await regions.getByRole("link", { name: "Europe" }).click();
  await page.waitForURL("**region=europe**");
  const near = await one.texts("section[aria-labelledby=components] li");
  check("near Europe is what is there or everywhere", near.some((row) => row.includes("API (eu-west-1)")) && near.some((row) => row.includes("Dashboard")) && !near.some((row) => row.includes("us-east-1")), near);
  equal("the region that is chosen", await regions.locator("[aria-current]").innerText(), "Europe");

  const chart = page.locator("section[aria-labelledby=days] svg.chart");
  check("the chart has a name", ((await chart.getAttribute("aria-label")) ?? (await chart.locator("title").first().textContent()) ?? "").includes("Kestrel Cloud"));
  await page.locator("section[aria-labelledby=days] summary").click();
  const days = await one.texts("section[aria-labelledby=days] tbody tr");
  check("the table tells the days of trouble", days.length >= 3 && days.some((row) => /critical/i.test(row)), days);

  if (scripts) {
    await page.getByRole("button", { name: "Copy" }).first().click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    equal("what was copied", await page.evaluate(() => navigator.clipboard.readText()), `curl '${URL_OF_PAGES}/api/v1/currentStatus?page=kestrel'`);
    equal("what is said of it", await page.locator("#news").textContent(), "Copied.");
  } else {
    equal("buttons that would do nothing", await page.getByRole("button", { name: "Copy" }).count(), 0);
  }

  await incident.locator("h3 a").click();
  await page.waitForURL("**/status/kestrel/incident?id=7001");
  equal("the incident's own page", [await one.text("h1"), (await one.texts(".updates > li")).length], ["Incident at Kestrel Cloud", 4]);
  await page.getByRole("link", { name: "History" }).click();
  await page.waitForURL("**/status/kestrel/history#incidents");
  check("a chart for each component", (await page.locator("svg.chart").count()) > 20, await page.locator("svg.chart").count());
  await one.leave("a page in trouble");
}

async function past(size, scripts) {
  const one = await visitor({ size, scripts });
  const { page } = one;
  await one.go("/status/finch");
  await page.getByRole("link", { name: "History", exact: true }).click();
  await page.waitForURL("**/status/finch/history");
  const links = () => page.locator("section[aria-labelledby=incidents] li > a").evaluateAll((all) => all.map((link) => link.href));
  const met = await links();
  equal("incidents of one part", met.length, 25);
  await page.getByRole("link", { name: "Older ones" }).click();
  await page.waitForURL((url) => url.search.length > 1);
  met.push(...(await links()));
  equal("incidents of both parts, each once", [met.length, new Set(met).size], [42, 42]);
  await page.getByRole("navigation", { name: "Impact" }).getByRole("link", { name: "Critical" }).click();
  await page.waitForURL("**impact=critical**");
  const badges = await one.texts("section[aria-labelledby=incidents] .badge");
  check("critical ones alone", badges.length === 8 && badges.every((word) => word.includes("Critical")), badges);
  await one.leave("the history");
}

async function states() {
  const one = await visitor();
  for (const [slug, words] of [
    ["wren", ["No.", "all is well"]],
    ["marlin", ["No.", "planned work is going on"]],
    ["osprey", ["Nobody here knows.", "Ask the official page."]],
    ["dodo", ["Nobody here knows.", "gone"]],
  ]) {
    await one.go(`/status/${slug}`);
    for (const word of words) includes(`the answer of ${slug}`, await one.text(".answer"), word);
  }
  await one.go("/status/osprey");
  includes("what an unread page said", await one.text(".how"), "When it was last read, it said");
  await one.go("/status/marlin");
  for (const section of ["running", "upcoming"]) equal(`planned work, ${section}`, await one.page.locator(`section[aria-labelledby=${section}] article`).count(), 1);
  await one.leave("pages in other states");
}
